/**
 * Fetches what strangers name (webhooks, avatars, imports) without becoming their way into the network: every hop is
 * checked, the address that was checked is the one that is called, and everything has an end.
 */
import { Clock, securityEvents } from 'tenon'
import { Injectable, Optional } from 'tenon/decorators'

import { SecurityConfig } from '../security-config.ts'
import { FetchRefused, FetchRedirectsTooOften } from '../security-errors.ts'
import { AddressGuard, hostnameOf, systemResolver, type Resolver } from './address-guard.ts'
import type { FetchLimits, SafeFetchOptions } from './safe-fetch-options.ts'
import { abortError, sendOnce, type Received } from './send-once.ts'

const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'])
const REDIRECTS = new Set([301, 302, 303, 307, 308])
/** `Response` refuses a body with these (https://fetch.spec.whatwg.org/#null-body-status). */
const WITHOUT_BODY = new Set([204, 205, 304])
/** About the connection, which is ours, or about whom we talk to, which the URL says. */
const OURS = new Set([
  'host',
  'connection',
  'content-length',
  'transfer-encoding',
  'upgrade',
  'te',
  'trailer',
  'expect',
])
/** What another origin may know of us: an allow-list, for credentials have many names. */
const HARMLESS = new Set(['accept', 'accept-language', 'content-type', 'range', 'user-agent'])

/** How names become addresses; another one for tests and for machines with a resolver of their own. */
export abstract class AddressResolver {
  abstract resolve(hostname: string): ReturnType<Resolver>
}

interface Hop {
  readonly url: URL
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Uint8Array | undefined
}

@Injectable()
export class SafeFetch {
  readonly #guard: AddressGuard
  readonly #limits: FetchLimits
  readonly #clock: Clock

  constructor(config: SecurityConfig, clock: Clock, @Optional() resolver?: AddressResolver) {
    this.#clock = clock
    const resolve = resolver ? (hostname: string) => resolver.resolve(hostname) : systemResolver
    this.#guard = new AddressGuard(config.fetchAllow ?? [], resolve)
    this.#limits = {
      timeoutMs: config.fetchTimeoutMs,
      maxBytes: config.fetchMaxBytes,
      maxRedirects: config.fetchMaxRedirects,
    }
  }

  /**
   * Fetches by HTTP or HTTPS. The answer is complete when it is given; its status may be any.
   * @throws `SECURITY_FETCH_REFUSED` for an address that must not be called, `SECURITY_FETCH_REDIRECTS_TOO_OFTEN`,
   * `SECURITY_FETCH_FAILED`, `SECURITY_FETCH_TIMED_OUT`, `SECURITY_FETCH_TOO_LARGE`
   */
  async fetch(address: string | URL, options: SafeFetchOptions = {}): Promise<Response> {
    try {
      return await this.#follow(address, options)
    } catch (error) {
      if (error instanceof FetchRefused) this.#tell(error)
      throw error
    }
  }

  /** Whoever names such an address may be trying doors. */
  #tell({ code, message }: InstanceType<typeof FetchRefused>): void {
    const at = this.#clock.epochMs()
    securityEvents.publish({ type: 'security.fetch', outcome: 'refused', subject: message, reason: code, at })
  }

  async #follow(address: string | URL, options: SafeFetchOptions): Promise<Response> {
    const { maxRedirects, maxBytes, timeoutMs } = { ...this.#limits, ...defined(options) }
    const time = AbortSignal.timeout(timeoutMs)
    const signal = options.signal ? AbortSignal.any([options.signal, time]) : time
    let hop = firstHop(address, options)
    for (let redirects = 0; ; redirects += 1) {
      const received = await this.#send(hop, maxBytes, options.hosts, signal)
      const location = REDIRECTS.has(received.status) ? received.headers.get('location') : null
      if (location === null || maxRedirects === 0) return responseOf(received)
      if (redirects === maxRedirects) throw new FetchRedirectsTooOften(hop.url.origin, maxRedirects)
      hop = nextHop(hop, received.status, location)
    }
  }

  async #send(
    hop: Hop,
    maxBytes: number,
    hosts: readonly string[] | undefined,
    signal: AbortSignal,
  ): Promise<Received> {
    refuseUnlessListed(hop.url, hosts)
    const address = await inTime(this.#guard.addressOf(hop.url), hop.url, signal)
    return sendOnce({ ...hop, address, maxBytes, signal })
  }
}

/** Resolvers know no signal. @throws `SECURITY_FETCH_TIMED_OUT`, or what the caller's signal says. */
async function inTime<T>(work: Promise<T>, url: URL, signal: AbortSignal): Promise<T> {
  const ended = Promise.withResolvers<never>()
  const end = (): void => ended.reject(abortError(url, signal))
  signal.addEventListener('abort', end, { once: true })
  if (signal.aborted) end()
  try {
    return await Promise.race([work, ended.promise])
  } finally {
    signal.removeEventListener('abort', end)
  }
}

/** @throws `SECURITY_FETCH_REFUSED` */
function firstHop(address: string | URL, { method = 'GET', headers = {}, body }: SafeFetchOptions): Hop {
  if (!METHODS.has(method)) throw new FetchRefused(String(address).slice(0, 200), `${method} is no method for it`)
  const own = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value] as const)
  const kept = own.filter(([name]) => !OURS.has(name) && !name.startsWith('proxy-'))
  return {
    url: readUrl(address),
    method,
    headers: { 'accept-encoding': 'identity', 'user-agent': 'tenon', ...Object.fromEntries(kept) },
    body,
  }
}

/** Fetch §4.4, HTTP-redirect fetch; stricter about what goes along. @throws `SECURITY_FETCH_REFUSED` */
function nextHop({ url, method, headers, body }: Hop, status: number, location: string): Hop {
  const next = readUrl(location, url)
  if (url.protocol === 'https:' && next.protocol === 'http:') {
    throw new FetchRefused(next.origin, 'a redirect leads from HTTPS to HTTP')
  }
  const turnsToGet = status === 303 ? method !== 'HEAD' : (status === 301 || status === 302) && method === 'POST'
  const isSameOrigin = next.origin === url.origin
  const kept = Object.entries(headers).filter(
    ([name]) =>
      (isSameOrigin || HARMLESS.has(name) || name === 'accept-encoding') && !(turnsToGet && name === 'content-type'),
  )
  return {
    url: next,
    method: turnsToGet ? 'GET' : method,
    headers: Object.fromEntries(kept),
    body: turnsToGet ? undefined : body,
  }
}

/** @throws `SECURITY_FETCH_REFUSED` */
function readUrl(address: string | URL, base?: URL): URL {
  const text = String(address)
  if (!URL.canParse(text, base?.href)) throw new FetchRefused(text.slice(0, 200), 'it is no URL')
  const url = new URL(text, base)
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new FetchRefused(url.protocol, 'only http: and https: are fetched')
  }
  if (url.username !== '' || url.password !== '') throw new FetchRefused(url.origin, 'it carries a user name')
  return url
}

/** @throws `SECURITY_FETCH_REFUSED` */
function refuseUnlessListed(url: URL, hosts: readonly string[] | undefined): void {
  const hostname = hostnameOf(url)
  const isListed = hosts?.some((host) =>
    host.startsWith('*.') ? hostname.endsWith(host.slice(1).toLowerCase()) : hostname === host.toLowerCase(),
  )
  if (isListed === false) throw new FetchRefused(url.origin, 'its host is not in the list of hosts')
}

function responseOf({ status, statusText, headers, body }: Received): Response {
  return new Response(WITHOUT_BODY.has(status) ? null : body, { status, statusText, headers })
}

function defined(options: Partial<FetchLimits>): Partial<FetchLimits> {
  const { timeoutMs, maxBytes, maxRedirects } = options
  return {
    ...(timeoutMs !== undefined && { timeoutMs }),
    ...(maxBytes !== undefined && { maxBytes }),
    ...(maxRedirects !== undefined && { maxRedirects }),
  }
}
