/**
 * The log an application writes to. The class is the injection token; the one who asks gets a logger that carries the
 * name of the receiving class.
 */

/** From the most to the least talkative. */
export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const

export type LogLevel = (typeof LOG_LEVELS)[number]

/** The least important level that is written; `silent` writes nothing. */
export type LogThreshold = LogLevel | 'silent'

export type LogFields = Readonly<Record<string, unknown>>

/** Writes lines. Never throws and never waits; secrets in messages and fields are masked. */
export abstract class Logger {
  /** For the one who looks for a fault. */
  abstract debug(message: string, fields?: LogFields): void
  /** For the one who runs the application. */
  abstract info(message: string, fields?: LogFields): void
  /** Something to look at, before it becomes an error. */
  abstract warn(message: string, fields?: LogFields): void
  /** Something failed. Hand the error over as a field: `log.error('Payment failed.', { error })`. */
  abstract error(message: string, fields?: LogFields): void

  /** A logger that adds these fields to each of its lines. */
  abstract child(fields: LogFields): Logger

  /** The same logger under the name of the class that writes. */
  abstract named(name: string): Logger

  /** Whether lines of this level are written; ask before a field is expensive to make. */
  abstract isEnabled(level: LogLevel): boolean
}
