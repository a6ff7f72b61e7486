/**
 * Spans for `fetch`, by the channels that Node's own client publishes
 * (https://undici.nodejs.org/#/docs/api/DiagnosticsChannel), so nothing is patched.
 */
import { Injectable, OnInit, OnShutdown } from 'tenon/decorators'

import { ChannelListeners } from '../channel-listeners.ts'
import { OutgoingSpans, type OutgoingSpan } from './outgoing-spans.ts'

/** What undici publishes of a request. */
interface FetchRequest {
  readonly origin: string | URL
  readonly method: string
  readonly path: string
  /** Names and values in turn. */
  readonly headers: readonly (string | string[])[] | string
  addHeader(name: string, value: string): void
}

@Injectable()
export class FetchSpans {
  readonly #outgoing: OutgoingSpans
  readonly #pending = new WeakMap<FetchRequest, OutgoingSpan>()
  readonly #channels: ChannelListeners

  constructor(outgoing: OutgoingSpans) {
    this.#outgoing = outgoing
    this.#channels = new ChannelListeners({
      'undici:request:create': this.#begin,
      'undici:request:headers': this.#answered,
      'undici:request:trailers': this.#end,
      'undici:request:error': this.#failed,
    })
  }

  @OnInit()
  listen(): void {
    if (this.#outgoing.areWanted) this.#channels.listen()
  }

  @OnShutdown()
  stop(): void {
    this.#channels.stop()
  }

  readonly #begin = ({ request }: { readonly request: FetchRequest }): void => {
    const { method, path } = request
    const says = (name: string): boolean => sentNames(request).has(name)
    const add = (name: string, value: string): void => request.addHeader(name, value)
    const span = this.#outgoing.begin({ method, origin: String(request.origin), path, says, add })
    if (span) this.#pending.set(request, span)
  }

  readonly #answered = (published: {
    readonly request: FetchRequest
    readonly response: { readonly statusCode: number }
  }): void => {
    this.#pending.get(published.request)?.answered(published.response.statusCode)
  }

  readonly #end = ({ request }: { readonly request: FetchRequest }): void => {
    this.#pending.get(request)?.end()
    this.#pending.delete(request)
  }

  readonly #failed = ({ request, error }: { readonly request: FetchRequest; readonly error: unknown }): void => {
    this.#pending.get(request)?.failed(error)
    this.#end({ request })
  }
}

function sentNames({ headers }: FetchRequest): ReadonlySet<string> {
  const names = typeof headers === 'string' ? headers.split('\r\n').map((line) => line.split(':', 1)[0]!) : headers
  return new Set(names.flatMap((each) => (typeof each === 'string' ? [each.toLowerCase()] : [])))
}
