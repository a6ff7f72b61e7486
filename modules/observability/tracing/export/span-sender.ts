/** Sends spans in batches, as `BatchSpanProcessor` of the SDK does; but they wait as bytes, not as objects (docs/decisions/0023). */
import { AsyncLocalStorage } from 'node:async_hooks'

import { TraceFlags } from '@opentelemetry/api'
import type { ReadableSpan, SpanProcessor } from '@opentelemetry/sdk-trace'

import { UntouchedSpan } from '../untouched-span.ts'
import type { LostSpans } from './lost-spans.ts'
import type { OtlpCarrier } from './otlp-carrier.ts'
import type { SpanBatch } from './span-batch.ts'

/** As many as wait in the SDK before some are lost. A request of its default, 512, costs as much as all it sends. */
const MOST_SPANS = 2048
/** The SDK's own. */
const LONGEST_WAIT_MS = 5000
/** Calls that have ended are written together: code that runs for one call in ten has to be fetched anew for each of them. */
const MOST_UNWRITTEN = 64

export class SpanSender implements SpanProcessor {
  readonly #carrier: OtlpCarrier
  readonly #lost: LostSpans
  /** Timers and threads outlive the call whose span needed them first, and must not hold on to it. */
  readonly #outsideOfCalls = AsyncLocalStorage.snapshot()
  readonly #sendLater = (): void => this.#send()
  readonly #unwritten: UntouchedSpan[] = []
  #batch: SpanBatch | undefined
  #timer: NodeJS.Timeout | undefined
  #isClosed = false

  constructor(carrier: OtlpCarrier, lost: LostSpans) {
    this.#carrier = carrier
    this.#lost = lost
  }

  onStart(): void {}

  onEnd(span: ReadableSpan): void {
    if (this.#isClosed || (span.spanContext().traceFlags & TraceFlags.SAMPLED) === 0) return
    this.#timer ??= this.#outsideOfCalls(() => setTimeout(this.#sendLater, LONGEST_WAIT_MS).unref())
    if (!(span instanceof UntouchedSpan)) return this.#write(span)
    if (this.#unwritten.push(span) >= MOST_UNWRITTEN) this.#writeAll()
  }

  async forceFlush(): Promise<void> {
    this.#send()
    await this.#carrier.settled()
  }

  async shutdown(): Promise<void> {
    this.#isClosed = true
    this.#send()
    await this.#carrier.close()
  }

  #writeAll(): void {
    for (const span of this.#unwritten) this.#write(span)
    this.#unwritten.length = 0
  }

  #write(span: ReadableSpan): void {
    if (this.#batch?.add(span) !== true) {
      this.#sendBatch()
      this.#batch = this.#carrier.newBatch()
      this.#batch.add(span)
    }
    if (this.#batch.count >= MOST_SPANS) this.#sendBatch()
  }

  #send(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#writeAll()
    this.#sendBatch()
  }

  #sendBatch(): void {
    const batch = this.#batch
    if (!batch) return
    this.#batch = undefined
    this.#outsideOfCalls(() =>
      this.#carrier.send(batch, (error) => {
        if (error) this.#lost.note(batch.count, error)
      }),
    )
  }
}
