/** What was renamed, as `@RenamedFrom` says: nothing is guessed. */
import { RENAMED_FROM } from 'tenon/decorators'
import type { EntityMetadata } from 'typeorm'
import type { ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js'

export function formerTable(metadata: EntityMetadata): string | undefined {
  return typeof metadata.target === 'function' ? RENAMED_FROM.writtenHere(metadata.target)?.value : undefined
}

export function formerColumn(column: ColumnMetadata): string | undefined {
  // The column of a relation has the decorator on the relation's property, which has the same name.
  const owner: unknown = column.embeddedMetadata ? column.embeddedMetadata.type : column.target
  return typeof owner === 'function' ? RENAMED_FROM.read(owner, column.propertyName) : undefined
}
