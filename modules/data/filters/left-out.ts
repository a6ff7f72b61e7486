/** The filters that the running query leaves out. */
import { AsyncLocalStorage } from 'node:async_hooks'

/** What TypeORM does for entities with `@DeleteDateColumn`, by the name under which it is left out. */
export const SOFT_DELETE = 'softDelete'

const LEFT_OUT = new AsyncLocalStorage<ReadonlySet<string>>()

export function isLeftOut(filter: string): boolean {
  return LEFT_OUT.getStore()?.has(filter) ?? false
}

/** Whether the running query leaves any out. */
export function isLeavingOut(): boolean {
  return LEFT_OUT.getStore() !== undefined
}

export function leavingOut<T>(filters: readonly string[], work: () => T): T {
  return filters.length === 0 ? work() : LEFT_OUT.run(new Set(filters), work)
}
