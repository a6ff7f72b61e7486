/** Whether a read may meet owned rows: of the entity, or of one that can be reached by its relations. */
import type { EntityMetadata } from 'typeorm'

import { OwnedRows } from './owned-rows.ts'

export function reachesOwned(metadata: EntityMetadata): boolean {
  const rows = OwnedRows.of(metadata.dataSource)
  if (!rows) return false
  const reached = new Set([metadata])
  for (const each of reached) for (const { inverseEntityMetadata } of each.relations) reached.add(inverseEntityMetadata)
  return [...reached].some((each) => rows.columnOf(each))
}
