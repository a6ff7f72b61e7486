/** Puts the protective headers on every answer: laid out at boot, so that a call pays nothing for them. */
import { randomBytes } from 'node:crypto'

import {
  ContextKey,
  Environment,
  HttpContext,
  type CallContext,
  type Contribution,
  type Endpoint,
  type EndpointInterceptor,
  type InterceptorDescription,
} from 'tenon'
import { Interceptor, SECURITY_HEADERS, type SecurityHeaderOptions } from 'tenon/decorators'

import { SecurityConfig } from '../security-config.ts'
import { SecurityHeadersInvalid } from '../security-errors.ts'
import { computeHeaders, NONCE_PLACE, type ComputedHeaders } from './compute-headers.ts'

/**
 * The nonce of the call's page, on endpoints with `@SecurityHeaders({ contentSecurityPolicy: { nonce: true } })`.
 * @example `<script nonce="${ctx().require(CSP_NONCE)}">`
 */
export const CSP_NONCE = new ContextKey<string>('security.csp-nonce')

const CSP = /^content-security-policy(-report-only)?$/i
const NONCE_BYTES = 16

@Interceptor({ phase: 'protect', order: -80, on: ['http'] })
export class SecurityHeadersInterceptor implements EndpointInterceptor {
  readonly #config: SecurityConfig
  readonly #isHttps: boolean

  constructor(config: SecurityConfig, environment: Environment) {
    this.#config = config
    this.#isHttps = config.https ?? environment.isProduction
  }

  /** @throws `SECURITY_HEADERS_INVALID` */
  forEndpoint(endpoint: Endpoint): Contribution | undefined {
    const own = endpoint.read(SECURITY_HEADERS)
    if (own === false || (own === undefined && this.#config.headers === false)) return undefined
    const all = this.#compute(endpoint, own)
    const changing = Object.entries(all).find(([name, value]) => CSP.test(name) && value.includes(NONCE_PLACE))
    if (!changing) return { headers: all }
    const [name, value] = changing
    const fixed = Object.fromEntries(Object.entries(all).filter(([each]) => each !== name))
    return { headers: fixed, before: nonceWriter(name, value) }
  }

  describe(endpoint: Endpoint): InterceptorDescription {
    const names = Object.keys(this.#compute(endpoint, endpoint.read(SECURITY_HEADERS)))
    return { does: `answers with ${names.map((name) => name.toLowerCase()).join(', ')}` }
  }

  #compute(endpoint: Endpoint, own: SecurityHeaderOptions | false | undefined): ComputedHeaders {
    try {
      return computeHeaders({ ...(this.#config.headers || undefined), ...(own || undefined) }, this.#isHttps)
    } catch (error) {
      throw new SecurityHeadersInvalid(endpoint.name, (error as Error).message).causedBy(error)
    }
  }
}

function nonceWriter(name: string, value: string): (context: CallContext) => void {
  const parts = value.split(NONCE_PLACE)
  return (context) => {
    const nonce = randomBytes(NONCE_BYTES).toString('base64')
    context.set(CSP_NONCE, nonce)
    if (context instanceof HttpContext) context.response.setHeader(name, parts.join(nonce))
  }
}
