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
import type { NamedStep } from './compose-pipeline.ts'
import type { CallListener } from './context.ts'
import type { Endpoint } from './endpoint.ts'
import type {
  Around,
  CallInterceptor,
  Contribution,
  Decision,
  EndpointInterceptor,
  Guard,
  Handler,
} from './interceptor.ts'
import { AccessDenied, InterceptorEmpty } from './pipeline-errors.ts'

/** What an interceptor adds, with its place in the pipeline. */
export interface PlacedStep extends NamedStep, CallListener {
  readonly phase: Phase
  readonly order: number
  readonly headers?: Contribution['headers']
  readonly input?: Contribution['input']
  readonly result?: Contribution['result']
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
  readonly transport: readonly PlacedStep[]
}

const DEFAULT_PLACE: InterceptorFact = { phase: 'around', order: 0, on: undefined, repeats: false, enforces: [] }

/** All that answered for the endpoint, outermost first. */
export function collectArounds(endpoint: Endpoint, sources: InterceptorSources): readonly PlacedStep[] {
  return inOrder([...sources.transport, ...askInterceptors(endpoint, sources)])
}

/** Those that answered for the endpoint, outermost first. */
export function askInterceptors(
  endpoint: Endpoint,
  sources: Omit<InterceptorSources, 'transport'>,
): readonly PlacedStep[] {
  const placed: PlacedStep[] = []
  for (const used of usedBy(endpoint, sources)) {
    const type = classOf(used)
    const { phase, order, repeats } = (type && INTERCEPTOR.read(type)) ?? DEFAULT_PLACE
    const instance = type === used ? sources.instanceOf(used as Class<object>) : used
    const added = contributionOf(instance, endpoint)
    if (added) placed.push({ name: nameOfUsed(used), phase, order, ...added, repeats })
  }
  return inOrder(placed)
}

/** A stable sort: equal phase and order stay as application, module, class, method. */
export function inOrder(steps: readonly PlacedStep[]): readonly PlacedStep[] {
  return steps.toSorted((a, b) => PHASES.indexOf(a.phase) - PHASES.indexOf(b.phase) || a.order - b.order)
}

/** The handler, and what interceptors make of its answer, innermost first. */
export function withResultSteps(handler: Handler, steps: readonly PlacedStep[]): Handler {
  const changes = steps.flatMap(({ result }) => result ?? []).toReversed()
  return changes.reduce<Handler>(
    (inner, change) => (context) => after(inner(context), (result) => change(result, context)),
    handler,
  )
}

/** Who is told how calls begin and end; `undefined` where nobody is. */
export function listenersOf(steps: readonly PlacedStep[]): readonly CallListener[] | undefined {
  const listeners = steps.filter(({ begun, settled }) => begun ?? settled)
  return listeners.length === 0 ? undefined : listeners.map(({ begun, settled }) => ({ begun, settled }))
}

/** For calls that do not know beforehand who is told: those that get there tell by themselves. */
export function tellingThemselves(steps: readonly PlacedStep[]): readonly PlacedStep[] {
  return steps.map((step) => {
    const { begun, settled, before } = step
    if (!begun && !settled) return step
    return {
      ...step,
      before: (context) => {
        begun?.(context)
        if (settled) context.onSettled(settled)
        return before?.(context)
      },
    }
  })
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
  const ofModules = [
    ...(root ? USED.read(root) : []),
    ...(endpoint.module && endpoint.module !== root ? USED.read(endpoint.module) : []),
  ].filter((each) => takesPart(each, endpoint))
  return [...new Set([...application.filter((each) => isFor(each, endpoint.transport)), ...ofModules, ...own])]
}

/** Whether what a module uses is for an endpoint. */
export function takesPart(used: Usable, { transport }: Endpoint): boolean {
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

function contributionOf(instance: object, endpoint: Endpoint): Contribution | undefined {
  if (typeof instance === 'function') return { around: instance as Around }
  const { forEndpoint, intercept, decide } = instance as Partial<EndpointInterceptor & CallInterceptor & Guard>
  if (forEndpoint) {
    const added = forEndpoint.call(instance, endpoint)
    return typeof added === 'function' ? { around: added } : added
  }
  if (intercept) return { around: (context, next) => intercept.call(instance, context, next) }
  if (decide) return { before: (context) => after(decide.call(instance, context), refuseUnlessAllowed) }
  throw new InterceptorEmpty(nameOfUsed(instance))
}

function refuseUnlessAllowed(decision: Decision | boolean): void {
  if (decision === true || (typeof decision === 'object' && decision.allowed)) return
  throw new AccessDenied(decision === false ? 'This is not allowed.' : decision.reason)
}

/** Whether a value given to `@Use` is a class the container builds, rather than a function around the handler. */
export function isClass(used: Usable): used is Class<object> {
  return typeof used === 'function' && /^class\b/.test(Function.prototype.toString.call(used))
}

function classOf(used: Usable): AbstractClass | undefined {
  if (isClass(used)) return used
  return typeof used === 'function' ? undefined : (used.constructor as AbstractClass)
}

export function nameOfUsed(used: Usable): string {
  return (typeof used === 'function' ? used.name : used.constructor.name) || 'An anonymous interceptor'
}
