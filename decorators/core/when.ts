/** `@When`: a provider or module that takes part only under a condition, decided once at boot. */
import { annotateAlso } from '../annotate.ts'
import { MetadataListKey } from '../metadata.ts'
import type { InjectionToken } from './token.ts'

/** What a condition may look at. */
export interface Surroundings {
  /** `development`, `test`, `production`, or a name of your own. */
  readonly environment: string
  /** The effective environment variables, `.env` files included. */
  readonly variables: Readonly<Record<string, string | undefined>>
}

export type Condition =
  | { readonly kind: 'env'; readonly environments: readonly string[] }
  | { readonly kind: 'missing'; readonly token: InjectionToken }
  | { readonly kind: 'present'; readonly token: InjectionToken }
  | { readonly kind: 'variable'; readonly name: string; readonly value?: string }
  | { readonly kind: 'test'; readonly test: (surroundings: Surroundings) => boolean }

export const CONDITIONS = new MetadataListKey<Condition>('core.conditions')

/** Conditions to hand to `@When`. */
export const when = {
  /** In one of these environments. */
  env: (...environments: readonly string[]): Condition => ({ kind: 'env', environments }),
  /** When nobody else provides `token`: how a module offers a default. */
  missing: (token: InjectionToken): Condition => ({ kind: 'missing', token }),
  /** When somebody provides `token`. */
  present: (token: InjectionToken): Condition => ({ kind: 'present', token }),
  /** When the variable is set, or set to exactly `value`. */
  variable: (name: string, value?: string): Condition => ({
    kind: 'variable',
    name,
    ...(value === undefined ? {} : { value }),
  }),
  /** When a function of the surroundings says so. */
  test: (test: (surroundings: Surroundings) => boolean): Condition => ({ kind: 'test', test }),
} as const

/**
 * Takes part only when every condition holds: a provider, a controller, an interceptor or a `@Provide` method. Above a
 * module it decides over all that the module brings; no provider is known then, so ask for the surroundings alone.
 */
export function When(condition: Condition): ClassDecorator & MethodDecorator {
  return annotateAlso(CONDITIONS, condition)
}
