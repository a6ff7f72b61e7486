/**
 * CORS, decided per route at boot (https://fetch.spec.whatwg.org/#http-cors-protocol). A preflight is answered here, by
 * the policy of the endpoint it asks for, and no handler runs.
 */
import {
  Routes,
  type Around,
  type CallContext,
  type Contribution,
  type Endpoint,
  type EndpointInterceptor,
  type HttpContext,
  type InterceptorDescription,
} from 'tenon'
import { CORS, Interceptor } from 'tenon/decorators'

import { SecurityConfig } from '../security-config.ts'
import { CorsRefusesStart } from '../security-errors.ts'
import { applicationCors } from './application-cors.ts'
import { compileCors, corsFaults, mergeCors, type CorsPolicy } from './cors-policy.ts'

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const

@Interceptor({ phase: 'protect', order: -50, on: ['http'] })
export class CorsInterceptor implements EndpointInterceptor {
  readonly #config: SecurityConfig
  readonly #routes: Routes
  readonly #policies = new Map<Endpoint, CorsPolicy | undefined>()

  constructor(config: SecurityConfig, routes: Routes) {
    this.#config = config
    this.#routes = routes
  }

  /** @throws `SECURITY_CORS_UNSAFE` */
  forEndpoint(endpoint: Endpoint): Contribution | undefined {
    const policy = this.#policyOf(endpoint)
    const vary: Contribution['headers'] = policy && !policy.isForEveryone ? { vary: 'Origin' } : {}
    if (mayBePreflight(endpoint)) return { headers: vary, around: this.#preflightAnswerer(policy) }
    if (!policy) return undefined
    if (!policy.isForEveryone) return { headers: vary, before: originWriter(policy) }
    return { headers: { 'access-control-allow-origin': '*', ...sharedHeaders(policy) } }
  }

  describe(endpoint: Endpoint): InterceptorDescription | undefined {
    const policy = this.#policyOf(endpoint)
    if (!policy) return undefined
    const whom = policy.isForEveryone ? 'every origin' : 'the origins it knows'
    return { does: `may be called by pages of ${whom}${policy.credentials ? ', with credentials' : ''}` }
  }

  #policyOf(endpoint: Endpoint): CorsPolicy | undefined {
    if (!this.#policies.has(endpoint)) this.#policies.set(endpoint, this.#compile(endpoint))
    return this.#policies.get(endpoint)
  }

  #compile(endpoint: Endpoint): CorsPolicy | undefined {
    const options = mergeCors(applicationCors(this.#config), endpoint.read(CORS))
    if (!options) return undefined
    const [fault] = corsFaults(options)
    if (fault !== undefined) throw new CorsRefusesStart(endpoint.name, fault)
    return compileCors(options)
  }

  /** @param own - The policy of the endpoint that OPTIONS reaches, which is seldom the one that is asked for. */
  #preflightAnswerer(own: CorsPolicy | undefined): Around {
    const write = own && originWriter(own)
    return (context, next) => {
      const { request, response } = context as HttpContext
      const origin = request.headers.origin
      const method = request.headers['access-control-request-method']
      if (request.method !== 'OPTIONS' || origin === undefined || method === undefined) {
        write?.(context)
        return next()
      }
      const targets = this.#routes.find(method, request.originalUrl)
      const policy = this.#policyFor(targets, origin)
      // Where nothing is said of CORS, the application may answer in its own way.
      if (!own && !targets.some((target) => this.#policyOf(target))) return next()
      if (targets.length === 0) return next()
      // A refused origin learns nothing: without the headers browsers do not send the call.
      response.writeHead(204, policy ? this.#permission(context as HttpContext, policy, origin) : [...VARY])
      response.end()
      return undefined
    }
  }

  #permission({ request }: HttpContext, policy: CorsPolicy, origin: string): string[] {
    const headers = policy.headers ?? request.headers['access-control-request-headers']
    return [
      ...VARY,
      'access-control-allow-origin',
      policy.isForEveryone ? '*' : origin,
      'access-control-allow-methods',
      this.#methodsFor(request.originalUrl, origin).join(', '),
      'access-control-max-age',
      String(policy.maxAgeSeconds),
      ...(headers === undefined ? [] : ['access-control-allow-headers', String(headers)]),
      ...(policy.credentials ? ['access-control-allow-credentials', 'true'] : []),
    ]
  }

  /** Those that the path has routes for and that let the origin in: browsers remember them together. */
  #methodsFor(url: string, origin: string): readonly string[] {
    return METHODS.filter((method) => this.#policyFor(this.#routes.find(method, url), origin) !== undefined)
  }

  /** A preflight does not say which of several endpoints the call will choose: all of them must let the origin in. */
  #policyFor(endpoints: readonly Endpoint[], origin: string): CorsPolicy | undefined {
    const policies = endpoints.map((endpoint) => this.#policyOf(endpoint))
    return policies.every((policy) => policy?.allows(origin)) ? policies[0] : undefined
  }
}

const VARY = ['vary', 'Origin, Access-Control-Request-Method, Access-Control-Request-Headers'] as const

/** The automatic answer to OPTIONS, and routes of the application for that method. */
function mayBePreflight({ route }: Endpoint): boolean {
  return route === undefined || route.method === 'OPTIONS' || route.method === 'ALL'
}

function originWriter(policy: CorsPolicy): (context: CallContext) => void {
  const shared = Object.entries(sharedHeaders(policy))
  const named = policy.isForEveryone ? '*' : undefined
  return (context) => {
    const { request, response } = context as HttpContext
    const { origin } = request.headers
    if (origin === undefined || !policy.allows(origin)) return
    response.setHeader('access-control-allow-origin', named ?? origin)
    for (const [name, value] of shared) response.setHeader(name, value)
  }
}

function sharedHeaders({ credentials, exposedHeaders }: CorsPolicy): Readonly<Record<string, string>> {
  return {
    ...(credentials && { 'access-control-allow-credentials': 'true' }),
    ...(exposedHeaders !== undefined && { 'access-control-expose-headers': exposedHeaders }),
  }
}
