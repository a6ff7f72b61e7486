/** For SQL that others generate: what rows of an owned entity must fit. */
import type { EntityMetadata } from 'typeorm'

import { OwnedRows } from './owned-rows.ts'

export interface RowOwner {
  readonly column: EntityMetadata['columns'][number]
  readonly value: unknown
}

/**
 * The owner's column and whom the running code acts for; `undefined` where all rows may be seen.
 * @throws what the seam says where nobody is known.
 */
export function ownerOf(metadata: EntityMetadata): RowOwner | undefined {
  const rows = OwnedRows.of(metadata.dataSource)
  const column = rows?.columnOf(metadata)
  const criteria = column && rows?.criteria(metadata)
  return criteria && { column, value: criteria[column.propertyPath] as unknown }
}
