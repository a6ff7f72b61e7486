/**
 * How we talk to issuers behind the browser's back. The operator chose the issuer, but its metadata is a stranger's text:
 * an address in it must not be a way into our network (OAuth 2.0 Security BCP, RFC 9700 §4.9 and OIDC Discovery §7.1).
 */
import { SafeFetch } from 'tenon/security'
import { Injectable } from 'tenon/decorators'
import type { CustomFetch, CustomFetchOptions, FetchBody } from 'openid-client'

import type { OidcIssuer } from './oidc-issuer.ts'

const TIMEOUT_MS = 10_000

@Injectable()
export class BackChannel {
  readonly #safeFetch: SafeFetch

  constructor(safeFetch: SafeFetch) {
    this.#safeFetch = safeFetch
  }

  /** Redirects are answers: a token request that follows one would hand the secret on. */
  fetchFor({ issuer, internal = false }: OidcIssuer): CustomFetch {
    const { origin } = new URL(issuer)
    return (address, options) => {
      const isItself = internal && new URL(address).origin === origin
      return isItself ? fetchDirectly(address, options) : this.#fetchSafely(address, options)
    }
  }

  #fetchSafely(address: string, { method, headers, body, signal }: CustomFetchOptions): Promise<Response> {
    return this.#safeFetch.fetch(address, {
      method: method as 'GET' | 'POST',
      headers: { ...headers },
      ...(body !== null && body !== undefined && { body: textOf(body) }),
      ...(signal && { signal }),
      maxRedirects: 0,
      timeoutMs: TIMEOUT_MS,
    })
  }
}

function fetchDirectly(address: string, { method, headers, body, signal }: CustomFetchOptions): Promise<Response> {
  const time = AbortSignal.timeout(TIMEOUT_MS)
  return fetch(address, {
    method,
    headers,
    ...(body !== null && body !== undefined && { body: textOf(body) }),
    redirect: 'manual',
    signal: signal ? AbortSignal.any([signal, time]) : time,
  })
}

/** The library sends forms alone. */
function textOf(body: FetchBody): string {
  return (body as string | URLSearchParams).toString()
}
