/** Typed tokens: names for what has no class at run time (interfaces, functions, plain values). */
import { callSite, type CallSite } from '../call-site.ts'
import type { AbstractClass } from '../metadata.ts'

/** A name for a value of type `T` in the container. Two tokens are never equal, whatever their names. */
export class Token<T> {
  declare protected readonly type: T
  readonly name: string
  readonly at: CallSite

  constructor(name: string, at: CallSite) {
    this.name = name
    this.at = at
  }

  toString(): string {
    return this.name
  }
}

/** What can be asked of the container: a class (abstract ones included) or a typed token. */
export type InjectionToken<T = unknown> = AbstractClass<T> | Token<T>

/**
 * Makes a typed token.
 * @param name - What diagnostics and diagrams call it.
 * @example `export const CLOCK = token<Clock>('Clock')`
 */
export function token<T>(name: string): Token<T> {
  return new Token<T>(name, callSite())
}
