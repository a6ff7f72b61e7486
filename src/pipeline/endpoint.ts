/** An endpoint: one method that can be called from outside, whatever the transport. */
import {
  CONTROLLER,
  VERSION,
  type CallSite,
  type Class,
  type CommandFact,
  type HttpMethod,
  type MemberName,
  type MetadataKey,
  type MetadataListKey,
  type ParameterSource,
  type Written,
} from '../../decorators/index.ts'

/** How an endpoint is reached over HTTP. */
export interface Route {
  readonly method: HttpMethod
  /** Full path with the controller's prefix: `/tickets/:id`. */
  readonly path: string
  readonly sse: boolean
  /** Status of a successful answer, where the route says one. */
  readonly status?: number | undefined
  /** API versions as the route itself says them. */
  readonly version?: string | readonly string[] | undefined
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
  readonly route?: Route | undefined
  readonly command?: CommandFact | undefined
  readonly version?: string | undefined
}

export class Endpoint {
  /** `TicketsController.list`: how logs, errors and diagnostics call it. */
  readonly name: string
  /** `http`, `command`, ...; `method` for an intercepted provider method, which is no entry from outside. */
  readonly transport: string
  readonly type: Class
  readonly method: MemberName
  readonly module: Class | undefined
  readonly at: CallSite
  readonly parameters: readonly EndpointParameter[]
  /** What the compiler emitted for the result. */
  readonly returns: unknown
  readonly route: Route | undefined
  /** How it is run from the shell. */
  readonly command: CommandFact | undefined
  /** The one API version it answers, where an endpoint is laid out once per version. */
  readonly version: string | undefined

  readonly #parts: EndpointParts

  constructor(parts: EndpointParts) {
    this.#parts = parts
    this.name = `${parts.type.name}.${String(parts.method)}`
    this.transport = parts.transport
    this.type = parts.type
    this.method = parts.method
    this.module = parts.module
    this.at = parts.at
    this.parameters = parts.parameters
    this.returns = parts.returns
    this.route = parts.route
    this.command = parts.command
    this.version = parts.version
  }

  /** The API versions it is written for, as `@Version`, the route or the controller says them; empty: none was named. */
  get declaredVersions(): readonly string[] {
    const { type, method, route } = this
    const declared =
      VERSION.read(type, method) ?? route?.version ?? VERSION.read(type) ?? CONTROLLER.read(type)?.version ?? []
    return typeof declared === 'string' ? [declared] : declared
  }

  /** The same endpoint under another route, or for one version only. */
  with(changes: Pick<EndpointParts, 'route' | 'version'>): Endpoint {
    return new Endpoint({ ...this.#parts, ...changes })
  }

  /** What was said of the method, else of its class, else of its module. */
  read<T>(key: MetadataKey<T> | { readonly key: MetadataKey<T> }): T | undefined {
    return this.written(key)?.value
  }

  /** The same, with the place it was written at. Of the facts of a group only those that stand nearest are there. */
  written<T>(key: MetadataKey<T> | { readonly key: MetadataKey<T> }): Written<T> | undefined {
    const slot = 'key' in key ? key.key : key
    const { group } = slot
    for (const [target, member] of this.#levels()) {
      const holder = group ? group.holder(target, member) : target
      const written = holder && (group ? slot.writtenHere(holder, member) : slot.written(holder, member))
      if (written) return written
      if (group && holder) return undefined
    }
    return undefined
  }

  /** Where facts of the endpoint stand, the nearest first. */
  #levels(): readonly (readonly [target: object, member?: MemberName])[] {
    return [[this.type, this.method], [this.type], ...(this.module === undefined ? [] : [[this.module] as const])]
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

/** As people write it, `GET /tickets/:id` or `tenon db:status`; the endpoint's name where it has neither. */
export function describeEndpoint({ route, command, name }: Endpoint): string {
  if (route) return `${route.method} ${route.path}`
  return command ? `tenon ${command.name}` : name
}
