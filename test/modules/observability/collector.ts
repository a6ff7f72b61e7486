/** An OTLP collector in this process: takes what the real exporter sends over HTTP. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'

import type { TestApp } from 'tenon/testing'

import { readRequest, type SentAttribute, type SentRequest, type SentSpan } from './otlp-request.ts'

export interface CollectedSpan extends Omit<SentSpan, 'attributes'> {
  readonly attributes: Readonly<Record<string, unknown>>
  readonly service: unknown
}

/** OTLP's numbers for the kinds of spans. */
export const SERVER = 2
export const CLIENT = 3

const OF_TESTS: ReadonlySet<string> = new Set(['RepeatedReadsInterceptor'])

export class Collector implements AsyncDisposable {
  readonly spans: CollectedSpan[] = []
  readonly #server = createServer((request, response) => {
    void buffer(request).then((body) => {
      this.headers.push(request.headers)
      this.#take(readRequest(body))
      response.end()
    })
  })
  readonly headers: object[] = []

  /** `OTEL_…` of an application that sends here. */
  async variables(): Promise<Readonly<Record<string, string>>> {
    if (!this.#server.listening) {
      this.#server.listen(0, '127.0.0.1')
      await once(this.#server, 'listening')
    }
    const { port } = this.#server.address() as AddressInfo
    return { OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`, OTEL_TRACES_SAMPLER_ARG: '1' }
  }

  /** All spans of the applications: when they are closed, every call is over and every span sent. */
  async from(...apps: readonly TestApp[]): Promise<readonly CollectedSpan[]> {
    for (const app of apps) await app.close()
    return this.spans
  }

  one(name: string): CollectedSpan {
    const found = this.spans.filter((span) => span.name === name)
    if (found.length !== 1) throw new Error(`${found.length} spans are called ${name}: ${this.names.join(', ')}`)
    return found[0]!
  }

  get names(): readonly string[] {
    return this.spans.map(({ name }) => name)
  }

  /** Names from the outermost parent known here down to the span, without what takes part in tests alone. */
  pathOf(span: CollectedSpan): readonly string[] {
    const parent = this.spans.find(({ spanId }) => spanId === span.parentSpanId)
    return [...(parent ? this.pathOf(parent) : []), ...(OF_TESTS.has(span.name) ? [] : [span.name])]
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections()
    this.#server.close()
  }

  #take({ resourceSpans }: SentRequest): void {
    for (const { resource, scopeSpans } of resourceSpans) {
      const service = plain(resource.attributes)['service.name']
      for (const span of scopeSpans.flatMap(({ spans }) => spans)) {
        this.spans.push({ ...span, status: { code: 0, ...span.status }, attributes: plain(span.attributes), service })
      }
    }
  }
}

function plain(attributes: readonly SentAttribute[] = []): Readonly<Record<string, unknown>> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, valueOf(value)]))
}

/** Integers come as text, for they may be larger than numbers hold. */
function valueOf({ intValue, ...others }: SentAttribute['value']): unknown {
  return intValue === undefined ? Object.values(others)[0] : Number(intValue)
}
