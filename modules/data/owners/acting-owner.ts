/** Who counts as the owner whatever the seam says: migrations work for everybody, and plans of reads are made for a mark. */
import { AsyncLocalStorage } from 'node:async_hooks'

import { EVERYBODY } from './row-owners.ts'

/** Stands for the owner in the parameters of a planned read. */
export const OWNER_MARK: unique symbol = Symbol('owner')

const ACTING = new AsyncLocalStorage<typeof EVERYBODY | typeof OWNER_MARK>()

export function actingOwner(): typeof EVERYBODY | typeof OWNER_MARK | undefined {
  return ACTING.getStore()
}

/** For migrations and for what keeps the schema: they are about tables, not about somebody's rows. */
export function forEverybody<T>(work: () => T): T {
  return ACTING.run(EVERYBODY, work)
}

export function forOwnerMark<T>(work: () => T): T {
  return ACTING.run(OWNER_MARK, work)
}
