/** The last calls, in memory, for whoever develops the application: nothing is kept in other environments. */
import { type LogRecord, tryCtx } from 'tenon'
import { Injectable } from 'tenon/decorators'

import { ObservabilityConfig } from '../observability-config.ts'
import { RECORDING, type CallRecording } from '../tracing/call-recording.ts'
import { LoopDelay } from './loop-delay.ts'

/** A call, with what it did to the process. */
export interface DevCall {
  readonly recording: CallRecording
  readonly at: Date
  readonly heapBytes: number
  /** How much the heap grew meanwhile; negative after a collection. Other calls of the time count too. */
  heapGrowthBytes: number
  /** Longest time that the event loop stood still meanwhile, whoever held it. */
  loopDelayMs: number
}

/** Says of each call what the pages say anyway. */
const ACCESS_LOG = 'http'

/** What the application and its modules logged in the call. */
export function ownLogs({ recording }: DevCall): readonly LogRecord[] {
  return recording.logs.filter(({ logger }) => logger !== ACCESS_LOG)
}

@Injectable()
export class DevCalls {
  readonly #limit: number
  readonly #calls = new Map<string, DevCall>()
  readonly #loop = new LoopDelay()

  constructor({ devCalls }: ObservabilityConfig) {
    this.#limit = devCalls
  }

  begin(recording: CallRecording): void {
    this.#loop.enter()
    const heapBytes = process.memoryUsage().heapUsed
    this.#calls.set(recording.call.id, { recording, at: new Date(), heapBytes, heapGrowthBytes: 0, loopDelayMs: 0 })
    if (this.#calls.size > this.#limit) this.#calls.delete(this.#calls.keys().next().value as string)
  }

  end(recording: CallRecording): void {
    const delayMs = this.#loop.leave(recording.startedAt)
    const call = this.#calls.get(recording.call.id)
    if (call?.recording !== recording) return
    call.heapGrowthBytes = process.memoryUsage().heapUsed - call.heapBytes
    call.loopDelayMs = delayMs
  }

  /** Adds a line of the log to the call that wrote it. */
  note(record: LogRecord): void {
    tryCtx()?.get(RECORDING)?.logs.push(record)
  }

  /** The latest first. */
  get all(): readonly DevCall[] {
    return [...this.#calls.values()].toReversed()
  }

  /** @param id - A request id, or a trace id. */
  find(id: string): DevCall | undefined {
    return this.#calls.get(id) ?? this.all.find(({ recording }) => recording.identity.traceId === id)
  }
}
