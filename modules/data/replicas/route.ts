/** Whether the running code has said that what it reads may be old. */
import { AsyncLocalStorage } from 'node:async_hooks'

const ROUTE = new AsyncLocalStorage<true>()

export function isOnReplica(): boolean {
  return ROUTE.getStore() ?? false
}

/** Runs `work`, whose reads go to replicas and which may not write. */
export function onReplica<T>(work: () => T): T {
  return ROUTE.run(true, work)
}

/** An object whose methods read from replicas. */
export function readingReplicas<T extends object>(target: T): T {
  return new Proxy(target, {
    get(_, name) {
      const value: unknown = Reflect.get(target, name, target)
      if (typeof value !== 'function') return value
      return (...args: unknown[]): unknown => onReplica(() => Reflect.apply(value, target, args) as unknown)
    },
  })
}
