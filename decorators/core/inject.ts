/** What a constructor parameter asks for when its type alone does not say it. */
import { annotateParameter, type ParameterFact } from '../annotate.ts'
import { MetadataListKey } from '../metadata.ts'
import type { InjectionToken } from './token.ts'

export type InjectionFact =
  | { readonly kind: 'token'; readonly token: InjectionToken }
  | { readonly kind: 'all'; readonly token: InjectionToken }
  | { readonly kind: 'optional' }

export const INJECTIONS = new MetadataListKey<ParameterFact<InjectionFact>>('core.injections')

/** Injects what is bound to `token`; for interfaces, values and functions. */
export function Inject(token: InjectionToken): ParameterDecorator {
  return annotateParameter<InjectionFact>(INJECTIONS, { kind: 'token', token })
}

/** Injects everything bound to `token`, in the order of the modules; an empty array when there is nothing. */
export function InjectAll(token: InjectionToken): ParameterDecorator {
  return annotateParameter<InjectionFact>(INJECTIONS, { kind: 'all', token })
}

/** Injects `undefined` when nothing is bound. */
export function Optional(): ParameterDecorator {
  return annotateParameter<InjectionFact>(INJECTIONS, { kind: 'optional' })
}
