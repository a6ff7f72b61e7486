/** The one file that knows helmet: run once at boot against a response that only takes notes. */
import type { IncomingMessage, ServerResponse } from 'node:http'

import helmet, { contentSecurityPolicy } from 'helmet'
import type { ContentSecurityPolicy, CspDirectives, SecurityHeaderOptions } from 'tenon/decorators'

/** Stands where the nonce of each call goes. */
export const NONCE_PLACE = 'TENON-NONCE'

/** Headers by name, as helmet writes them. */
export type ComputedHeaders = Readonly<Record<string, string>>

/**
 * @param isHttps - Browsers reach the application by HTTPS: they may insist on it.
 * @throws what helmet says of options that it cannot use.
 */
export function computeHeaders(options: SecurityHeaderOptions, isHttps: boolean): ComputedHeaders {
  const { contentSecurityPolicy: csp = true, strictTransportSecurity = isHttps, ...rest } = options
  const headers: Record<string, string> = {}
  const response = {
    setHeader: (name: string, value: string) => (headers[name] = value),
    removeHeader: (name: string) => delete headers[name],
  } as unknown as ServerResponse
  const settings = { ...rest, strictTransportSecurity, contentSecurityPolicy: csp && cspOptions(csp, isHttps) }
  helmet(settings as Parameters<typeof helmet>[0])({} as IncomingMessage, response, (error) => {
    if (error instanceof Error) throw error
  })
  return headers
}

function cspOptions(csp: true | ContentSecurityPolicy, isHttps: boolean): object {
  const { directives = {}, useDefaults = true, reportOnly = false, nonce = false } = csp === true ? {} : csp
  const effective: Record<string, readonly string[] | null> = {
    ...(useDefaults ? defaultDirectives(isHttps) : {}),
    ...dashed(directives),
  }
  // What a page runs and how it looks; for other kinds of content a nonce means nothing.
  if (nonce) for (const name of ['script-src', 'style-src']) effective[name] = withNonce(effective, name)
  return { directives: effective, useDefaults: false, reportOnly }
}

function defaultDirectives(isHttps: boolean): CspDirectives {
  const defaults = contentSecurityPolicy.getDefaultDirectives() as CspDirectives
  // On plain HTTP, as on a developer's machine, it would send browsers where nobody answers.
  return isHttps ? defaults : { ...defaults, 'upgrade-insecure-requests': null }
}

/** With a nonce beside it browsers ignore 'unsafe-inline'; without it nobody is misled. */
function withNonce(directives: Readonly<Record<string, readonly string[] | null>>, name: string): readonly string[] {
  const sources = directives[name] ?? directives['default-src'] ?? []
  return [...sources.filter((source) => source !== "'unsafe-inline'" && source !== "'none'"), `'nonce-${NONCE_PLACE}'`]
}

/** helmet takes `imgSrc` for `img-src`; one spelling, so that one replaces the other. */
function dashed(directives: CspDirectives): CspDirectives {
  const dash = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
  return Object.fromEntries(Object.entries(directives).map(([name, sources]) => [dash(name), sources]))
}
