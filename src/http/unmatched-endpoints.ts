/**
 * Endpoints for what no route answers, so that interceptors see these calls too: an access log has its 404s, and CORS
 * answers on them.
 */
import { Public, UNKNOWN_SITE, type MemberName } from '../../decorators/index.ts'
import type { CallContext } from '../pipeline/context.ts'
import { Endpoint } from '../pipeline/endpoint.ts'
import type { Handler } from '../pipeline/interceptor.ts'
import type { HttpContext } from './http-context.ts'
import type { MountedEndpoint, MountedPipeline } from './mounted-endpoint.ts'
import {
  ExpectationFailed,
  HostMissing,
  MethodNotAllowed,
  PathMalformed,
  RouteNotFound,
  UrlTooLong,
} from './server-errors.ts'

const REASONS = [
  'notFound',
  'methodNotAllowed',
  'options',
  'urlTooLong',
  'malformedPath',
  'hostMissing',
  'expectationFailed',
] as const

/** Why no route answers. */
export type Unmatched = (typeof REASONS)[number]

export type UnmatchedEndpoints = Readonly<Record<Unmatched, MountedEndpoint>>

export interface UnmatchedParts {
  readonly allowedMethods: (url: string) => readonly string[]
  readonly maxUrlBytes: number
  readonly compile: (endpoint: Endpoint, handler: Handler) => MountedPipeline
}

/** One handler per reason. Its name is what logs show: `Unanswered.notFound`. */
@Public('There is nothing here to protect.')
class Unanswered implements Record<Unmatched, (context: HttpContext) => void> {
  readonly #parts: UnmatchedParts

  constructor(parts: UnmatchedParts) {
    this.#parts = parts
  }

  notFound({ request }: HttpContext): never {
    throw new RouteNotFound(request.method, pathOf(request.originalUrl))
  }

  methodNotAllowed({ request, response }: HttpContext): never {
    const allowed = this.#parts.allowedMethods(request.originalUrl).join(', ')
    response.setHeader('allow', allowed)
    throw new MethodNotAllowed(request.method, pathOf(request.originalUrl), allowed)
  }

  /** The automatic answer to OPTIONS. */
  options({ request, response }: HttpContext): void {
    response.setHeader('allow', this.#parts.allowedMethods(request.originalUrl).join(', '))
    response.statusCode = 204
  }

  urlTooLong(): never {
    throw new UrlTooLong(this.#parts.maxUrlBytes)
  }

  malformedPath(): never {
    throw new PathMalformed()
  }

  hostMissing({ response }: HttpContext): never {
    response.shouldKeepAlive = false
    throw new HostMissing()
  }

  expectationFailed({ response }: HttpContext): never {
    response.shouldKeepAlive = false
    throw new ExpectationFailed()
  }
}

export function mountUnmatched(parts: UnmatchedParts): UnmatchedEndpoints {
  const unanswered = new Unanswered(parts)
  const mounted = REASONS.map((reason) => {
    const endpoint = endpointFor(reason)
    const handler: Handler = (context: CallContext) => unanswered[reason](context as HttpContext)
    return [reason, { ...parts.compile(endpoint, handler), endpoint, respond: end }] as const
  })
  return Object.fromEntries(mounted) as unknown as UnmatchedEndpoints
}

function endpointFor(method: MemberName): Endpoint {
  return new Endpoint({
    transport: 'http',
    type: Unanswered,
    method,
    module: undefined,
    at: UNKNOWN_SITE,
    parameters: [],
    returns: undefined,
  })
}

function end({ response }: HttpContext): void {
  response.end()
}

/** The path alone: a query may hold secrets. */
function pathOf(url: string): string {
  return url.split('?', 1)[0] ?? url
}
