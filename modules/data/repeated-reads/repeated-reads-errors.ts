/** What is said of a call that reads row by row. */
import { defineError } from 'tenon'

export const RepeatedReads = defineError({
  code: 'DATA_REPEATED_READS',
  status: 500,
  message: (endpoint: string, times: number, askedAt: string | undefined, advice: string) =>
    `${endpoint} sent the same question ${times} times, once for each row${askedAt === undefined ? '' : `, from ${askedAt}`}: ${advice}.`,
  help: 'Read the rows with their relations, or ask by related(), which reads all that is asked for in one tick together.',
})
