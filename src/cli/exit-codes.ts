/** What the tool ends with: scripts decide by it. */

export const EXIT = {
  /** Done. */
  ok: 0,
  /** It ran, and the answer is no: findings, a failed check, a command that threw. */
  failed: 1,
  /** What was typed makes no sense: no such command, option, argument or value. */
  usage: 2,
  /** There is no application here, or it does not load or start. */
  application: 3,
  /** Ctrl+C. */
  interrupted: 130,
} as const

/** For the help of every command. */
export const EXIT_CODES_TEXT =
  '0 done, 1 findings or failure, 2 usage, 3 the application cannot be loaded or started, 130 interrupted'
