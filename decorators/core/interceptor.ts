/** Interceptors: declaring one, applying it, leaving it out, and mapping errors. */
import { annotate, annotateAlso } from '../annotate.ts'
import { MetadataKey, MetadataListKey, type AbstractClass, type Class } from '../metadata.ts'
import { INJECTABLE } from './injectable.ts'

/** The stages of every call, outermost first. Within one, `order`, then application, module, class, method. */
export const PHASES = [
  'observe',
  'protect',
  'context',
  'authenticate',
  'authorize',
  'validate',
  'around',
  'transact',
] as const

export type Phase = (typeof PHASES)[number]

export interface InterceptorFact {
  readonly phase: Phase
  readonly order: number
  readonly on: readonly string[] | 'all' | undefined
  readonly repeats: boolean
  readonly enforces: readonly MetadataKey<never>[]
}

export interface InterceptorOptions {
  /** Default: `around`. */
  readonly phase?: Phase
  /** Smaller runs further outside within the phase. Default: 0. */
  readonly order?: number
  /**
   * Entry points it takes part in (`http`, `ws`, `job`, ...); `method` for provider methods; `'all'` for every entry
   * point and provider methods. Default: every entry point.
   */
  readonly on?: readonly string[] | 'all'
  /** It may call `next` again once the call before has ended: for retries. Default: `false`. */
  readonly repeats?: boolean
  /** Facts that protect, and hold because of this interceptor: without it, whoever writes one is told by the check. */
  readonly enforces?: readonly MetadataKey<never>[]
}

export const INTERCEPTOR = new MetadataKey<InterceptorFact>('pipeline.interceptor')

/** Declares a class as an interceptor: it has `intercept`, `forEndpoint`, or (a guard) `decide`. */
export function Interceptor({
  phase = 'around',
  order = 0,
  on,
  repeats = false,
  enforces = [],
}: InterceptorOptions = {}): ClassDecorator {
  const interceptor = annotate(INTERCEPTOR, { phase, order, on, repeats, enforces })
  const injectable = annotate(INJECTABLE, { scope: 'singleton', stereotype: 'interceptor' })
  return (target) => {
    interceptor(target)
    injectable(target)
  }
}

/**
 * What `@Use` takes: an interceptor class (built by the container), an instance, or a function. A function's context
 * is typed by the kernel's `Use`.
 */
export type Usable = Class<object> | object | ((context: never, next: () => unknown) => unknown)

export const USED = new MetadataListKey<Usable>('pipeline.used')

/** Applies interceptors to a method, to all methods of a class, to a module's controllers, or (root module) to all. */
export function Use(...used: readonly Usable[]): ClassDecorator & MethodDecorator {
  const decorators = used.map((each) => annotateAlso(USED, each))
  return (target: object, member?: string | symbol) => {
    for (const decorator of decorators.toReversed()) (decorator as PropertyDecorator)(target, member as string)
  }
}

export interface SkipFact {
  readonly interceptor: AbstractClass
  readonly reason: string
}

export const SKIPPED = new MetadataListKey<SkipFact>('pipeline.skipped')

/**
 * Leaves an interceptor out.
 * @param reason - Why; listed by the check. Required: the next reader will ask.
 */
export function Skip(interceptor: AbstractClass, reason: string): ClassDecorator & MethodDecorator {
  return annotateAlso(SKIPPED, { interceptor, reason })
}

export const CATCHES = new MetadataListKey<AbstractClass>('pipeline.catches')

/** The method turns errors of these types into a `Problem`; any provider may have one. */
export function Catch(...types: readonly AbstractClass[]): MethodDecorator {
  const decorators = types.map((type) => annotateAlso(CATCHES, type))
  return (target: object, member: string | symbol) => {
    for (const decorator of decorators) (decorator as PropertyDecorator)(target, member)
  }
}
