/** Which interceptors take part in an endpoint, and in which order: asked once per endpoint, at boot. */
import {
  CONTROLLER,
  INTERCEPTOR,
  PHASES,
  SKIPPED,
  USED,
  type AbstractClass,
  type Class,
  type InterceptorFact,
  type Phase,
  type Usable,
} from '../../decorators/index.ts'
import { after } from './after.ts'
import type { NamedAround } from './compose-pipeline.ts'
import type { Endpoint } from './endpoint.ts'
import type { Around, CallInterceptor, EndpointInterceptor, Guard } from './interceptor.ts'
import { AccessDenied, InterceptorEmpty } from './pipeline-errors.ts'

/** Code with its place in the pipeline. */
export interface PlacedAround extends NamedAround {
  readonly phase: Phase
  readonly order: number
}

/** Where interceptors come from besides the endpoint's own decorators. */
export interface InterceptorSources {
  /** Of the whole application, by class. */
  readonly application: readonly Class[]
  /** The root module: what it uses holds everywhere. */
  readonly root: Class | undefined
  /** Builds or finds the instance of an interceptor class. */
  readonly instanceOf: (type: Class<object>) => object
  /** What the transport itself puts into the pipeline. */
  readonly transport: readonly PlacedAround[]
}

const DEFAULT_PLACE: InterceptorFact = { phase: 'around', order: 0, on: undefined, repeats: false }

/** All that answered for the endpoint, outermost first. */
export function collectArounds(endpoint: Endpoint, sources: InterceptorSources): readonly PlacedAround[] {
  const placed: PlacedAround[] = [...sources.transport]
  for (const used of usedBy(endpoint, sources)) {
    const type = classOf(used)
    const { phase, order, repeats } = (type && INTERCEPTOR.read(type)) ?? DEFAULT_PLACE
    const instance = isClass(used) ? sources.instanceOf(used) : used
    const around = aroundOf(instance, endpoint)
    if (around) placed.push({ name: nameOfUsed(used), phase, order, around, repeats })
  }
  // A stable sort: equal phase and order stay as application, module, class, method.
  return placed.sort((a, b) => PHASES.indexOf(a.phase) - PHASES.indexOf(b.phase) || a.order - b.order)
}

/** What applies to an endpoint by declaration, before any of it is asked; the check reads this too. */
export function usedBy(
  endpoint: Endpoint,
  { application, root }: Pick<InterceptorSources, 'application' | 'root'>,
): readonly Usable[] {
  const skipped = endpoint.readAll(SKIPPED).map((skip) => skip.interceptor)
  return declaredFor(endpoint, { application, root }).filter((each) => !skipped.some((skip) => covers(skip, each)))
}

/** What applies to an endpoint before `@Skip` leaves any of it out. */
export function declaredFor(
  endpoint: Endpoint,
  { application, root }: Pick<InterceptorSources, 'application' | 'root'>,
): readonly Usable[] {
  // What a controller uses is for its endpoints: its other methods are called by the application itself.
  const isForEndpoints = endpoint.transport === 'method' && CONTROLLER.read(endpoint.type) !== undefined
  const own = [...(isForEndpoints ? [] : USED.read(endpoint.type)), ...USED.read(endpoint.type, endpoint.method)]
  const shared = [
    ...application,
    ...(root ? USED.read(root) : []),
    ...(endpoint.module && endpoint.module !== root ? USED.read(endpoint.module) : []),
  ].filter((each) => takesPart(each, endpoint))
  return [...new Set([...shared, ...own])]
}

function takesPart(used: Usable, { transport }: Endpoint): boolean {
  const type = classOf(used)
  return type ? isFor(type, transport) : transport !== 'method'
}

/** Without `on` an interceptor is for every entry from outside; a provider method is none. */
export function isFor(interceptor: AbstractClass, transport: string): boolean {
  const on = INTERCEPTOR.read(interceptor)?.on
  if (on === 'all') return true
  return on ? on.includes(transport) : transport !== 'method'
}

/** Whether leaving out `skipped` leaves out `used`: the same class, or one that extends it. */
export function covers(skipped: AbstractClass, used: Usable): boolean {
  const type = classOf(used)
  return type !== undefined && (type === skipped || type.prototype instanceof skipped)
}

function aroundOf(instance: object, endpoint: Endpoint): Around | undefined {
  if (typeof instance === 'function') return instance as Around
  const { forEndpoint, intercept, decide } = instance as Partial<EndpointInterceptor & CallInterceptor & Guard>
  if (forEndpoint) return forEndpoint.call(instance, endpoint)
  if (intercept) return (context, next) => intercept.call(instance, context, next)
  if (decide) return guarding((context) => decide.call(instance, context))
  throw new InterceptorEmpty(nameOfUsed(instance))
}

function guarding(decide: Guard['decide']): Around {
  return (context, next) =>
    after(decide(context), (decision) => {
      if (decision === true || (typeof decision === 'object' && decision.allowed)) return next()
      throw new AccessDenied(decision === false ? 'This is not allowed.' : decision.reason)
    })
}

/** Whether a value given to `@Use` is a class the container builds, rather than a function around the handler. */
export function isClass(used: Usable): used is Class<object> {
  return typeof used === 'function' && /^class\b/.test(Function.prototype.toString.call(used))
}

function classOf(used: Usable): AbstractClass | undefined {
  if (isClass(used)) return used
  return typeof used === 'function' ? undefined : (used.constructor as AbstractClass)
}

function nameOfUsed(used: Usable): string {
  return (typeof used === 'function' ? used.name : used.constructor.name) || 'An anonymous interceptor'
}
