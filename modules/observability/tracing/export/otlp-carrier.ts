/** Hands batches to the thread that sends them; it is begun with the first. */
import { createRequire } from 'node:module'
import { Worker } from 'node:worker_threads'

import type { BatchResult, OtlpTarget, SentBatch } from './otlp-worker.ts'
import { SerializedParts, type Serializer } from './serialized-parts.ts'
import { SpanBatch } from './span-batch.ts'

/** Batches under way; where a collector is slower than that, spans are lost instead of piling up. */
const MOST_UNDER_WAY = 8
/** It holds little more than what it sends. */
const LIMITS = { maxYoungGenerationSizeMb: 4, maxOldGenerationSizeMb: 64 }

const { resolve } = createRequire(import.meta.url)

type Done = (error: Error | undefined) => void

export class OtlpCarrier {
  readonly #target: OtlpTarget
  readonly #parts: SerializedParts
  readonly #underWay = new Map<number, Done>()
  #thread: Worker | undefined
  #lastId = 0
  /** Of the batch that came back last. */
  #memory: ArrayBuffer | undefined
  #whenSettled: (() => void)[] = []

  /** @param url - With `/v1/traces`. */
  constructor(url: string, headers: Readonly<Record<string, string>>, serializer: Serializer) {
    this.#target = { url, headers, most: MOST_UNDER_WAY }
    this.#parts = new SerializedParts(serializer)
  }

  newBatch(): SpanBatch {
    const memory = this.#memory
    this.#memory = undefined
    return new SpanBatch(this.#parts, memory)
  }

  /** @param done - With an error where the spans are lost. */
  send(batch: SpanBatch, done: Done): void {
    if (this.#underWay.size >= MOST_UNDER_WAY) {
      done(new Error(`${MOST_UNDER_WAY} batches are waiting for the collector already.`))
      return
    }
    this.#lastId += 1
    this.#underWay.set(this.#lastId, done)
    const sent: SentBatch = { id: this.#lastId, count: batch.count, body: batch.body() }
    try {
      this.#thread ??= this.#begin()
      this.#thread.postMessage(sent, [sent.body.buffer])
    } catch (error) {
      this.#end(sent.id, error instanceof Error ? error : new Error(String(error)))
    }
  }

  /** When all that was sent has arrived, or is lost. */
  settled(): Promise<void> {
    const settled = Promise.withResolvers<void>()
    this.#whenSettled.push(settled.resolve)
    this.#tellSettled()
    return settled.promise
  }

  async close(): Promise<void> {
    await this.settled()
    await this.#thread?.terminate()
  }

  #begin(): Worker {
    const entry = resolve('tenon/observability/otlp-worker')
    const thread = new Worker(entry, { workerData: this.#target, resourceLimits: LIMITS, execArgv: [], name: 'otlp' })
    thread.unref()
    thread.on('message', ({ id, error, memory }: BatchResult) => {
      this.#memory = memory
      this.#end(id, error === undefined ? undefined : new Error(error))
    })
    thread.on('error', (error: Error) => this.#lose(thread, error))
    return thread
  }

  /** The next batch begins another thread. */
  #lose(thread: Worker, error: Error): void {
    if (this.#thread === thread) this.#thread = undefined
    for (const id of this.#underWay.keys()) this.#end(id, error)
  }

  #end(id: number, error: Error | undefined): void {
    const done = this.#underWay.get(id)
    this.#underWay.delete(id)
    done?.(error)
    this.#tellSettled()
  }

  #tellSettled(): void {
    if (this.#underWay.size > 0) return
    for (const tell of this.#whenSettled.splice(0)) tell()
  }
}
