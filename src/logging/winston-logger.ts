/**
 * The logger of an application, on winston: the one file that imports it.
 *
 * Loading winston costs more than all the rest of a small application, so it is loaded some time after the first line;
 * until then lines go to their destinations directly. A line counts as pending until its destination has it; what is
 * pending when the process exits or the logger is closed goes there directly too, for winston passes lines on in later
 * turns.
 */
import type { Writable } from 'node:stream'
import { isMainThread } from 'node:worker_threads'
import type { Logger as Winston } from 'winston'

import { FileDestination } from './file-destination.ts'
import type { LogFormat } from './log-config.ts'
import { FdDestination } from './fd-destination.ts'
import type { LineOutput, LogDestination } from './log-destination.ts'
import type { LogRecord } from './log-record.ts'
import { LOG_LEVELS, type LogFields, type LogLevel, type LogThreshold } from './logger.ts'
import { RecordLogger, type RecordOutput } from './record-logger.ts'
import { Redactor } from './redact.ts'
import { renderJson } from './render-json.ts'
import { renderPretty } from './render-pretty.ts'
import { StreamDestination } from './stream-destination.ts'

export interface WinstonLoggerOptions {
  readonly level: LogThreshold
  readonly format: LogFormat
  /** A file that gets every line too. */
  readonly file?: string | undefined
  /** Default: standard output. */
  readonly output?: Writable | undefined
  /** Default: one of its own, without registered values. */
  readonly redactor?: Redactor | undefined
  /** Fields of the call that is going on, such as `requestId`; asked for each line. */
  readonly ambientFields?: (() => LogFields | undefined) | undefined
  /** Reads along: each record that is written. Must not throw. */
  readonly onRecord?: ((record: LogRecord) => void) | undefined
  /** How long after the first line winston is loaded, which holds up the event loop for some 40 ms. Default: 1000. */
  readonly loadDelayMs?: number | undefined
}

export class WinstonLogger extends RecordLogger {
  readonly #output: WinstonOutput

  constructor(options: WinstonLoggerOptions) {
    const output = new WinstonOutput(options)
    super(output)
    this.#output = output
  }

  /** The least important level that is written. */
  get level(): LogThreshold {
    return this.#output.level
  }

  set level(level: LogThreshold) {
    this.#output.level = level
  }

  /** Loads winston now; otherwise it is loaded after the first line. */
  open(): Promise<void> {
    return this.#output.open()
  }

  /** Resolves when every line is where it belongs. Lines that come later are written directly. */
  close(): Promise<void> {
    return this.#output.close()
  }
}

/** Winston's types leave this class out. */
interface WithTransport {
  readonly Transport: new (options: {
    log(info: { readonly record: LogRecord }, next: () => void): void
  }) => Winston['transports'][number]
}

class WinstonOutput implements RecordOutput {
  readonly redactor: Redactor
  readonly ambientFields: () => LogFields | undefined
  readonly jsonLines: LineOutput | undefined
  readonly #console: Route
  readonly #routes: readonly Route[]
  readonly #onRecord: (record: LogRecord) => void
  #threshold: number
  readonly #loadDelayMs: number
  #stage: 'idle' | 'waiting' | 'loaded' | 'direct' = 'idle'
  #timer: NodeJS.Timeout | undefined
  #loading: Promise<void> | undefined
  #winston: Winston | undefined

  constructor(options: WinstonLoggerOptions) {
    const { level, format, file, output, redactor = new Redactor(), loadDelayMs = 1000 } = options
    this.redactor = redactor
    this.ambientFields = options.ambientFields ?? (() => undefined)
    this.#onRecord = options.onRecord ?? (() => undefined)
    this.#console = new Route(standardOutput(format, output), format)
    this.#routes = file === undefined ? [this.#console] : [this.#console, new Route(this.#fileAt(file), format)]
    this.#threshold = THRESHOLDS.indexOf(level)
    this.#loadDelayMs = loadDelayMs
    this.jsonLines = format === 'json' ? { writeLine: (line) => this.#writeLine(line) } : undefined
  }

  get level(): LogThreshold {
    return THRESHOLDS[this.#threshold]!
  }

  set level(level: LogThreshold) {
    this.#threshold = THRESHOLDS.indexOf(level)
  }

  isEnabled(level: LogLevel): boolean {
    return LOG_LEVELS.indexOf(level) >= this.#threshold
  }

  write(record: LogRecord): void {
    this.#onRecord(record)
    for (const route of this.#routes) route.expect(record)
    if (this.#stage === 'direct') this.#writePending()
    else if (this.#winston) this.#winston.log({ level: record.level, message: record.message, record })
    else this.#writeAhead()
  }

  open(): Promise<void> {
    if (this.#stage === 'direct') return Promise.resolve()
    this.#watchExit()
    this.#loading ??= this.#load()
    return this.#loading
  }

  async close(): Promise<void> {
    clearTimeout(this.#timer)
    process.off('exit', this.#onExit)
    this.#stage = 'direct'
    this.#winston?.close()
    this.#winston = undefined
    for (const route of this.#routes) route.deliverAll()
    await Promise.all(this.#routes.map((route) => route.destination.flush()))
  }

  #writeLine(line: string): void {
    for (const { destination } of this.#routes) {
      destination.write(line)
      if (this.#stage === 'direct') destination.flushSync()
    }
    if (this.#stage === 'idle') this.#writeAhead()
  }

  /** Until winston is there lines take the direct way, and the first of them has it loaded in a quiet moment. */
  #writeAhead(): void {
    for (const route of this.#routes) route.deliverAll()
    if (this.#stage !== 'idle') return
    this.#watchExit()
    this.#timer = setTimeout(() => void this.open(), this.#loadDelayMs).unref()
  }

  #watchExit(): void {
    if (this.#stage !== 'idle') return
    this.#stage = 'waiting'
    process.on('exit', this.#onExit)
  }

  async #load(): Promise<void> {
    try {
      const { default: winston } = await import('winston')
      if (this.#stage !== 'waiting') return
      const { Transport } = winston as unknown as WithTransport
      this.#winston = winston.createLogger({
        level: 'debug',
        levels: { error: 0, warn: 1, info: 2, debug: 3 },
        format: { transform: (info) => info },
        transports: this.#routes.map(
          (route) =>
            new Transport({
              log: ({ record }, next) => {
                route.deliver(record)
                next()
              },
            }),
        ),
      })
      this.#winston.on('error', () => undefined)
      this.#stage = 'loaded'
      for (const record of this.#console.pending.slice()) {
        this.#winston.log({ level: record.level, message: record.message, record })
      }
    } catch {
      this.#stage = 'direct'
      this.#writePending()
    }
  }

  readonly #onExit = (): void => {
    this.#stage = 'direct'
    this.#winston = undefined
    this.#writePending()
  }

  /** At once: no later turn may come. */
  #writePending(): void {
    for (const route of this.#routes) {
      route.deliverAll()
      route.destination.flushSync()
    }
  }

  #fileAt(path: string): FileDestination {
    return new FileDestination(path, (error) => {
      const message = `The log file ${path} cannot be written (${error.code ?? error.message}); its lines are lost.`
      const record: LogRecord = { time: new Date(), level: 'error', message, logger: 'Logger', fields: {} }
      this.#console.expect(record)
      this.#console.deliver(record)
    })
  }
}

/** Machines get lines at their own pace; people, and threads that have no descriptor of their own, through the stream. */
function standardOutput(format: LogFormat, output: Writable | undefined): LogDestination {
  return format === 'json' && output === undefined && isMainThread
    ? new FdDestination(STDOUT)
    : new StreamDestination(output)
}

const STDOUT = 1

const THRESHOLDS: readonly LogThreshold[] = [...LOG_LEVELS, 'silent']

/** One destination, and what it has yet to get. */
class Route {
  readonly destination: LogDestination
  readonly #render: (record: LogRecord) => string
  readonly #pending: LogRecord[] = []

  constructor(destination: LogDestination, format: LogFormat) {
    this.destination = destination
    this.#render = format === 'json' ? renderJson : (record) => renderPretty(record, destination.hasColour)
  }

  get pending(): readonly LogRecord[] {
    return this.#pending
  }

  expect(record: LogRecord): void {
    this.#pending.push(record)
  }

  /** Ignores what was delivered on another way. What a destination throws is swallowed: a log must not stop anything. */
  deliver(record: LogRecord): void {
    const index = this.#pending.indexOf(record)
    if (index < 0) return
    this.#pending.splice(index, 1)
    try {
      this.destination.write(this.#render(record))
    } catch {
      // See above.
    }
  }

  deliverAll(): void {
    while (this.#pending[0]) this.deliver(this.#pending[0])
  }
}
