/** Sends spans in batches, as `BatchSpanProcessor` of the SDK does; but they wait as bytes, not as objects (docs/decisions/0023). */
import { AsyncLocalStorage } from 'node:async_hooks'

import { TraceFlags } from '@opentelemetry/api'
import type { ReadableSpan, SpanProcessor } from '@opentelemetry/sdk-trace'

import type { LostSpans } from './lost-spans.ts'
import type { OtlpCarrier } from './otlp-carrier.ts'
import type { SpanBatch } from './span-batch.ts'

/** As many as wait in the SDK before some are lost. A request of its default, 512, costs as much as all it sends. */
const MOST_SPANS = 2048
/** The SDK's own. */
const LONGEST_WAIT_MS = 5000

export class SpanSender implements SpanProcessor {
  readonly #carrier: OtlpCarrier
  readonly #lost: LostSpans
  /** Timers and threads outlive the call whose span needed them first, and must not hold on to it. */
  readonly #outsideOfCalls = AsyncLocalStorage.snapshot()
  readonly #sendLater = (): void => this.#send()
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
    if (this.#batch?.add(span) !== true) this.#beginWith(span)
    if (this.#batch!.count >= MOST_SPANS) this.#send()
    else this.#timer ??= this.#outsideOfCalls(() => setTimeout(this.#sendLater, LONGEST_WAIT_MS).unref())
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

  #beginWith(span: ReadableSpan): void {
    this.#send()
    this.#batch = this.#carrier.newBatch()
    this.#batch.add(span)
  }

  #send(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
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
