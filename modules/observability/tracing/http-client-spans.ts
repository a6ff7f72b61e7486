/**
 * Spans for requests by `node:http` and `node:https`, which most client libraries are built on: by the channels that Node
 * publishes (https://nodejs.org/api/diagnostics_channel.html#http), so nothing is patched and modules of both kinds are seen.
 */
import type { ClientRequest, IncomingMessage } from 'node:http'

import { Injectable, OnInit, OnShutdown } from 'tenon/decorators'

import { ChannelListeners } from '../channel-listeners.ts'
import { OutgoingSpans, type OutgoingSpan } from './outgoing-spans.ts'

interface Pending {
  readonly span: OutgoingSpan
  response: IncomingMessage | undefined
  hasFailed: boolean
}

@Injectable()
export class HttpClientSpans {
  readonly #outgoing: OutgoingSpans
  readonly #pending = new WeakMap<ClientRequest, Pending>()
  readonly #channels: ChannelListeners

  constructor(outgoing: OutgoingSpans) {
    this.#outgoing = outgoing
    this.#channels = new ChannelListeners({
      'http.client.request.created': this.#begin,
      // Published with the head of the answer, whatever its name says.
      'http.client.response.finish': this.#answered,
      'http.client.request.error': this.#failed,
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

  readonly #begin = ({ request }: { readonly request: ClientRequest }): void => {
    const { method, path } = request
    const span = this.#outgoing.begin({
      method,
      origin: originOf(request),
      // Through a proxy it is a whole URL.
      path: path.replace(/^https?:\/\/[^/?]*/, ''),
      says: (name) => request.hasHeader(name),
      add: (name, value) => {
        // A list of headers, or `Expect`, makes Node write the head at once: then nothing can be added.
        if (!request.headersSent) request.setHeader(name, value)
      },
    })
    if (!span) return
    const pending: Pending = { span, response: undefined, hasFailed: false }
    this.#pending.set(request, pending)
    // Comes once, however the request ends: with the last byte, an error, an upgrade.
    request.once('close', () => end(pending))
  }

  readonly #answered = (published: { readonly request: ClientRequest; readonly response: IncomingMessage }): void => {
    const pending = this.#pending.get(published.request)
    if (!pending) return
    pending.response = published.response
    pending.span.answered(published.response.statusCode ?? 0)
  }

  readonly #failed = ({ request, error }: { readonly request: ClientRequest; readonly error: unknown }): void => {
    const pending = this.#pending.get(request)
    if (!pending) return
    pending.hasFailed = true
    pending.span.failed(error)
  }
}

/** An answer that stopped half way is a failure, though nothing is said to the request any more. */
function end({ span, response, hasFailed }: Pending): void {
  if (response && !response.complete && !hasFailed) span.failed(response.errored)
  span.end()
}

/** The port is in the `Host` that Node writes, where the application has not written another one. */
function originOf(request: ClientRequest): string {
  const { protocol, host } = request
  const name = host.includes(':') ? `[${host}]` : host
  const sent = request.getHeader('host')
  return `${protocol}//${typeof sent === 'string' && sent.startsWith(`${name}:`) ? sent : name}`
}
