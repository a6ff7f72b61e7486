/** From a call to a record: level, time, name, the fields of the call and around it, without secrets. */
import { Logger, type LogFields, type LogLevel } from './logger.ts'
import type { LineOutput } from './log-destination.ts'
import type { LogRecord } from './log-record.ts'
import type { Loggable, Redactor } from './redact.ts'

/** What takes the records. */
export interface RecordOutput {
  readonly redactor: Redactor
  isEnabled(level: LogLevel): boolean
  /** Fields of the call that is going on, such as `requestId`; asked for each line. */
  ambientFields(): LogFields | undefined
  write(record: LogRecord): void
  /** There when every destination takes lines of JSON. */
  readonly jsonLines?: LineOutput | undefined
}

export class RecordLogger extends Logger {
  readonly #output: RecordOutput
  readonly #name: string | undefined
  readonly #fields: readonly LogFields[]

  constructor(output: RecordOutput, name?: string, fields: readonly LogFields[] = []) {
    super()
    this.#output = output
    this.#name = name
    this.#fields = fields
  }

  debug(message: string, fields?: LogFields): void {
    this.#write('debug', message, fields)
  }

  info(message: string, fields?: LogFields): void {
    this.#write('info', message, fields)
  }

  warn(message: string, fields?: LogFields): void {
    this.#write('warn', message, fields)
  }

  error(message: string, fields?: LogFields): void {
    this.#write('error', message, fields)
  }

  child(fields: LogFields): Logger {
    return new RecordLogger(this.#output, this.#name, [...this.#fields, fields])
  }

  named(name: string): Logger {
    return new RecordLogger(this.#output, name, this.#fields)
  }

  /**
   * For those who render their own lines, in the form of `renderJson`, at an expense that counts: one line per call.
   * `undefined` where lines look otherwise or carry fields of this logger.
   */
  jsonLines(): (LineOutput & { readonly redactor: Redactor }) | undefined {
    const { jsonLines, redactor } = this.#output
    if (!jsonLines || this.#fields.length > 0) return undefined
    return { redactor, writeLine: (line) => jsonLines.writeLine(line) }
  }

  isEnabled(level: LogLevel): boolean {
    return this.#output.isEnabled(level)
  }

  /** A line that cannot be made is given up: whatever was to be told matters more than the telling. */
  #write(level: LogLevel, message: string, fields: LogFields | undefined): void {
    if (!this.#output.isEnabled(level)) return
    try {
      const { redactor } = this.#output
      this.#output.write({
        time: new Date(),
        level,
        message: redactor.text(String(message)),
        logger: this.#name,
        fields: this.#allFields(fields),
      })
    } catch {
      // See above.
    }
  }

  /** The nearer ones win. Copied one by one, for reading a foreign object may throw. */
  #allFields(fields: LogFields | undefined): Readonly<Record<string, Loggable>> {
    const { redactor } = this.#output
    const all = Object.create(null) as Record<string, Loggable>
    for (const each of [this.#output.ambientFields(), ...this.#fields, fields]) {
      if (each === undefined || each === null) continue
      Object.assign(all, redactor.fields(each instanceof Error ? { error: each as Error } : each))
    }
    return all
  }
}
