/** What may be changed about the log while the application runs, and what may be read along. */
import { tryCtx, type CallContext } from '../pipeline/context.ts'
import type { LogRecord } from './log-record.ts'
import { LOG_LEVELS, type LogFields, type LogThreshold } from './logger.ts'
import { LogLevelFixed, LogLevelUnknown } from './logging-errors.ts'

/** Fields that lines of a call carry besides its `requestId`; asked for each line. Must be cheap and must not throw. */
export type CallFieldsSource = (call: CallContext) => LogFields | undefined

/** Takes each record that is written, secrets already removed. Must not throw. */
export type RecordListener = (record: LogRecord) => void

/** A log whose threshold can be moved. */
export interface AdjustableLog {
  level: LogThreshold
}

/** Injectable. A log that was given to `createApp` has its own ways: its level is fixed here, and it tells no records. */
export class LogControl {
  #log: AdjustableLog | undefined
  readonly #sources: CallFieldsSource[] = []
  readonly #listeners = new Set<RecordListener>()

  /** @internal */
  connect(log: AdjustableLog): void {
    this.#log = log
  }

  /** The least important level that is written; `undefined` for a log that was given to `createApp`. */
  get level(): LogThreshold | undefined {
    return this.#log?.level
  }

  /**
   * Holds from the next line on, in this process. Lines of the access log are there only where the application was
   * started with `info` or `debug`: elsewhere calls are compiled without it.
   * @throws `LOG_LEVEL_UNKNOWN`, `LOG_LEVEL_FIXED`
   */
  setLevel(level: string): void {
    if (!isThreshold(level)) throw new LogLevelUnknown(level, THRESHOLDS.join(', '))
    if (!this.#log) throw new LogLevelFixed()
    this.#log.level = level
  }

  /** Lets every line of a call carry more: the trace, the tenant. */
  addCallFields(source: CallFieldsSource): void {
    this.#sources.push(source)
  }

  /** What the sources say of a call; the later ones win. */
  fieldsOf(call: CallContext): LogFields | undefined {
    const [only, ...others] = this.#sources
    if (!only) return undefined
    return others.length === 0 ? only(call) : Object.assign({}, ...this.#sources.map((source) => source(call)))
  }

  /** @internal Of the call that is going on, for each line. */
  readonly ambientFields = (): LogFields | undefined => {
    const call = tryCtx()
    return call && { requestId: call.id, ...this.fieldsOf(call) }
  }

  /**
   * Reads along; lines that the access log renders by itself are not among the records.
   * @returns Ends it.
   */
  listen(listener: RecordListener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** @internal */
  readonly tell: RecordListener = (record) => {
    for (const listener of this.#listeners) listener(record)
  }
}

const THRESHOLDS: readonly string[] = [...LOG_LEVELS, 'silent']

function isThreshold(level: string): level is LogThreshold {
  return THRESHOLDS.includes(level)
}
