/** A log that a test can read. */
import { Logger, type LogLevel } from '../logging/logger.ts'

export interface LogLine {
  readonly level: LogLevel
  readonly message: string
  readonly fields: Readonly<Record<string, unknown>>
}

export class MemoryLogger extends Logger {
  readonly lines: LogLine[]
  readonly #fields: Readonly<Record<string, unknown>>

  constructor(lines: LogLine[] = [], fields: Readonly<Record<string, unknown>> = {}) {
    super()
    this.lines = lines
    this.#fields = fields
  }

  /** Lines of one level. */
  at(level: LogLevel): readonly LogLine[] {
    return this.lines.filter((line) => line.level === level)
  }

  debug(message: string, fields?: Record<string, unknown>): void {
    this.#add('debug', message, fields)
  }

  info(message: string, fields?: Record<string, unknown>): void {
    this.#add('info', message, fields)
  }

  warn(message: string, fields?: Record<string, unknown>): void {
    this.#add('warn', message, fields)
  }

  error(message: string, fields?: Record<string, unknown>): void {
    this.#add('error', message, fields)
  }

  isEnabled(): boolean {
    return true
  }

  child(fields: Record<string, unknown>): Logger {
    return new MemoryLogger(this.lines, { ...this.#fields, ...fields })
  }

  named(logger: string): Logger {
    return this.child({ logger })
  }

  #add(level: LogLevel, message: string, fields: Record<string, unknown> = {}): void {
    this.lines.push({ level, message, fields: { ...this.#fields, ...fields } })
  }
}
