/** What may go wrong with the log. */
import { defineError } from '../errors/define-error.ts'

export const LogLevelUnknown = defineError({
  code: 'LOG_LEVEL_UNKNOWN',
  status: 400,
  message: (level: string, known: string) => `"${level}" is no level of the log. There are: ${known}.`,
  help: 'Name one of these levels.',
})

export const LogLevelFixed = defineError({
  code: 'LOG_LEVEL_FIXED',
  status: 409,
  message: () => 'The log was given to createApp(), which does not know how to change its level.',
  help: 'Change the level of that log itself, or leave the log to the application.',
})
