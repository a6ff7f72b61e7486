/** `@Provide`: a method of a module that makes a provider. `@Primary`: the one to take among several. */
import { annotate } from '../annotate.ts'
import { MetadataKey } from '../metadata.ts'
import type { Lifetime } from './injectable.ts'
import type { InjectionToken } from './token.ts'

export interface ProvideFact {
  /** Default: the method's return type. */
  readonly token?: InjectionToken
  readonly scope: Lifetime
}

export const PROVIDE = new MetadataKey<ProvideFact>('core.provide')
export const PRIMARY = new MetadataKey<true>('core.primary')

export interface ProvideOptions {
  readonly scope?: Lifetime
}

/**
 * The method's result is a provider; its parameters are injected. An `async` method must name its token, because the
 * compiler only emits `Promise`.
 */
export function Provide(token?: InjectionToken, { scope = 'singleton' }: ProvideOptions = {}): MethodDecorator {
  return annotate(PROVIDE, { scope, ...(token === undefined ? {} : { token }) })
}

/** Wins over other providers of the same token. */
export function Primary(): ClassDecorator & MethodDecorator {
  return annotate(PRIMARY, true)
}
