/** Whether a read may meet a filter, whose criteria differ from call to call: then its SQL cannot be kept. */
import { FILTERS } from 'tenon/decorators'
import type { EntityMetadata } from 'typeorm'

/** Whether the entity, or one that can be reached by its relations, has filters. */
export function reachesFilter(metadata: EntityMetadata): boolean {
  const reached = new Set([metadata])
  for (const each of reached) for (const { inverseEntityMetadata } of each.relations) reached.add(inverseEntityMetadata)
  return [...reached].some(({ target }) => typeof target === 'function' && FILTERS.read(target).length > 0)
}
