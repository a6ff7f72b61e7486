/** Decorators of your own: from a typed fact, or composed of others. */
import { annotate } from '../annotate.ts'
import { MetadataKey } from '../metadata.ts'

/** A decorator that is also the key under which its value is read: `endpoint.read(Feature)`. */
export interface FactDecorator<T, A extends readonly unknown[] = [value: T]> {
  (...args: A): ClassDecorator & MethodDecorator
  readonly key: MetadataKey<T>
}

/**
 * Makes a decorator that records a value on a class or method.
 * @param name - Dotted name of the fact, for diagnostics.
 * @example
 * export const Feature = createDecorator<string>('shop.feature')
 * // above a handler: @Feature('checkout'); in an interceptor: endpoint.read(Feature)
 */
export function createDecorator<T>(name: string): FactDecorator<T>
/**
 * Makes a decorator whose arguments are turned into the value.
 * @example `export const Roles = createDecorator('shop.roles', (...roles: Role[]) => roles)`, above a handler: `@Roles('admin', 'agent')`
 */
export function createDecorator<T, A extends readonly unknown[]>(
  name: string,
  valueOf: (...args: A) => T,
): FactDecorator<T, A>
export function createDecorator(
  name: string,
  valueOf: (...args: unknown[]) => unknown = (value) => value,
): FactDecorator<unknown, unknown[]> {
  const key = new MetadataKey<unknown>(name)
  return Object.assign((...args: unknown[]) => annotate(key, valueOf(...args)), { key })
}

type AnyDecorator = ClassDecorator | MethodDecorator | PropertyDecorator

/** One decorator out of several; they apply in the order given, as if written one below the other. */
export function compose(...decorators: readonly AnyDecorator[]): ClassDecorator & MethodDecorator & PropertyDecorator {
  return (target: object, member?: string | symbol, descriptor?: PropertyDescriptor) => {
    for (const decorator of decorators.toReversed()) {
      ;(decorator as (...args: unknown[]) => void)(target, member, descriptor)
    }
  }
}

/** `compose` by the name Nest users know. */
export const applyDecorators = compose
