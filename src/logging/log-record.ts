/** One line of the log as data, secrets already removed. */
import type { Loggable } from './redact.ts'
import type { LogLevel } from './logger.ts'

export interface LogRecord {
  readonly time: Date
  readonly level: LogLevel
  readonly message: string
  /** The class that wrote it. */
  readonly logger: string | undefined
  readonly fields: Readonly<Record<string, Loggable>>
}
