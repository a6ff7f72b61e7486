/** Settings of the HTTP server. Every limit has a safe default; none can be switched off by accident. */
import { Config, Env } from '../../decorators/index.ts'

@Config('http')
export class HttpConfig {
  @Env('PORT', { default: 3000, min: 0, max: 65_535, description: 'Port to listen on; 0 takes a free one.' })
  readonly port!: number

  @Env('HOST', { optional: true, description: 'Address to bind. Default: 0.0.0.0 in production, else 127.0.0.1.' })
  readonly host?: string

  @Env('HTTP_MAX_BODY_BYTES', {
    default: 1_048_576,
    min: 0,
    description: 'Largest parsed body (JSON, form, text, raw).',
  })
  readonly maxBodyBytes!: number

  @Env('HTTP_MAX_BODY_DEPTH', { default: 64, min: 1, description: 'Deepest nesting of a JSON body.' })
  readonly maxBodyDepth!: number

  @Env('HTTP_MAX_URL_BYTES', { default: 8192, min: 64, description: 'Longest request target; longer ones get 414.' })
  readonly maxUrlBytes!: number

  @Env('HTTP_MAX_HEADER_BYTES', {
    default: 16_384,
    min: 1024,
    description: 'Largest request head; larger ones get 431.',
  })
  readonly maxHeaderBytes!: number

  @Env('HTTP_HEADERS_TIMEOUT_MS', { default: 15_000, min: 1, description: 'Time for a complete request head.' })
  readonly headersTimeoutMs!: number

  @Env('HTTP_BODY_TIMEOUT_MS', { default: 30_000, min: 1, description: 'Longest silence while a body is read.' })
  readonly bodyTimeoutMs!: number

  @Env('HTTP_REQUEST_TIMEOUT_MS', {
    default: 300_000,
    min: 1,
    description: 'Time for a complete request, body included.',
  })
  readonly requestTimeoutMs!: number

  @Env('HTTP_HANDLER_TIMEOUT_MS', {
    default: 30_000,
    min: 1,
    description: 'Time until an answer must have begun; then 503.',
  })
  readonly handlerTimeoutMs!: number

  @Env('HTTP_KEEP_ALIVE_MS', { default: 65_000, min: 1, description: 'Idle time before a kept connection is closed.' })
  readonly keepAliveMs!: number

  @Env('HTTP_DRAIN_MS', { default: 10_000, min: 0, description: 'Longest wait for requests in flight when stopping.' })
  readonly drainMs!: number

  @Env('HTTP_TRUST_PROXY', {
    default: '',
    description: 'Proxies whose X-Forwarded-* headers count: addresses, subnets, loopback; empty for none.',
  })
  readonly trustProxy!: string

  @Env('HTTP_ETAG', { default: false, description: 'Weak ETags on successful JSON and text answers to GET and HEAD.' })
  readonly etag!: boolean

  @Env('HTTP_SSE_HEARTBEAT_MS', {
    default: 15_000,
    min: 1,
    description: 'Silence after which an event stream gets a comment.',
  })
  readonly sseHeartbeatMs!: number

  @Env('HTTP_PRETENURING', {
    default: false,
    description: 'Whether V8 may guess which objects live long; of a server it guesses wrong, see the guide.',
  })
  readonly pretenuring!: boolean
}
