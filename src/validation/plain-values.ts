/** What both ways of writing an answer need to know about plain values. */
import type { AbstractClass } from '../../decorators/index.ts'
import { isBuiltIn } from './validation-metadata.ts'

/** Whether a model can be written from it: a plain object or an instance of an application's class. */
export function isWritable(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || prototype === Object.prototype || classOf(value) !== undefined
}

/** The class an application wrote that a value is of; plain objects and the platform's classes have none. */
export function classOf(value: object): AbstractClass | undefined {
  const prototype = Object.getPrototypeOf(value) as { constructor?: unknown } | null
  const type = prototype?.constructor
  return typeof type === 'function' && !isBuiltIn(type) ? (type as AbstractClass) : undefined
}

export function fromEntries(
  entries: Iterable<readonly [unknown, unknown]>,
  write: (value: unknown, key: string) => unknown,
): Record<string, unknown> {
  const result: Record<string, unknown> = {}
  for (const [key, value] of entries) {
    const name = String(key)
    const written = write(value, name)
    if (written !== undefined) define(result, name, written)
  }
  return result
}

/** Sets an own property whatever its name: a stored `__proto__` is data here. */
export function define(target: Record<string, unknown>, key: string, value: unknown): void {
  if (key === '__proto__')
    Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true })
  else target[key] = value
}
