/** An endpoint: one method that can be called from outside, whatever the transport. */
import type {
  CallSite,
  Class,
  HttpMethod,
  MemberName,
  MetadataKey,
  MetadataListKey,
  ParameterSource,
} from '../../decorators/index.ts'

/** How an endpoint is reached over HTTP. */
export interface Route {
  readonly method: HttpMethod
  /** Full path with the controller's prefix: `/tickets/:id`. */
  readonly path: string
  readonly sse: boolean
  /** Status of a successful answer, where the route says one. */
  readonly status?: number | undefined
}

export interface EndpointParameter {
  readonly index: number
  /** `undefined`: nothing says where the argument comes from. */
  readonly source: ParameterSource | undefined
  /** The type the compiler emitted. */
  readonly type: unknown
  readonly at: CallSite
}

export interface EndpointParts {
  readonly transport: string
  readonly type: Class
  readonly method: MemberName
  readonly module: Class | undefined
  readonly at: CallSite
  readonly parameters: readonly EndpointParameter[]
  readonly returns: unknown
  readonly route?: Route
}

export class Endpoint {
  /** `TicketsController.list`: how logs, errors and diagnostics call it. */
  readonly name: string
  /** `http`, ...; `method` for an intercepted provider method, which is no entry from outside. */
  readonly transport: string
  readonly type: Class
  readonly method: MemberName
  readonly module: Class | undefined
  readonly at: CallSite
  readonly parameters: readonly EndpointParameter[]
  /** What the compiler emitted for the result. */
  readonly returns: unknown
  readonly route: Route | undefined

  constructor(parts: EndpointParts) {
    this.name = `${parts.type.name}.${String(parts.method)}`
    this.transport = parts.transport
    this.type = parts.type
    this.method = parts.method
    this.module = parts.module
    this.at = parts.at
    this.parameters = parts.parameters
    this.returns = parts.returns
    this.route = parts.route
  }

  /** What was said of the method, else of its class, else of its module. */
  read<T>(key: MetadataKey<T> | { readonly key: MetadataKey<T> }): T | undefined {
    const slot = 'key' in key ? key.key : key
    return (
      slot.read(this.type, this.method) ??
      slot.read(this.type) ??
      (this.module === undefined ? undefined : slot.read(this.module))
    )
  }

  /** Everything said of the module, the class and the method, in this order. */
  readAll<T>(key: MetadataListKey<T>): readonly T[] {
    return [
      ...(this.module === undefined ? [] : key.read(this.module)),
      ...key.read(this.type),
      ...key.read(this.type, this.method),
    ]
  }
}

/** The route as people write it, `GET /tickets/:id`; the endpoint's name where it has none. */
export function describeEndpoint(endpoint: Endpoint): string {
  return endpoint.route ? `${endpoint.route.method} ${endpoint.route.path}` : endpoint.name
}
