/** How long to wait before a transaction begins again. */
import type { TransactionRetry } from 'tenon/decorators'

const PAUSE_MS = 20
const MAXIMUM_PAUSE_MS = 1000

/** Doubles with every repetition; anywhere below that, so that those who met do not meet again. */
export function pauseBefore(repetition: number, { pauseMs = PAUSE_MS, maximumPauseMs }: TransactionRetry): number {
  return Math.random() * Math.min(pauseMs * 2 ** repetition, maximumPauseMs ?? MAXIMUM_PAUSE_MS)
}
