/** Which relation would have been loaded with the rows, by the statement that was sent for each of them. */
import type { DataSource, EntityMetadata } from 'typeorm'

/** `load Ticket.requester or Ticket.assignee with the rows`; nothing where no relation leads there. */
export function suggestRelation(source: DataSource, sql: string): string | undefined {
  const read = source.entityMetadatas.find(({ tablePath }) => readsFrom(sql, tablePath))
  if (!read) return undefined
  const relations = source.entityMetadatas.flatMap((metadata) =>
    metadata.relations
      .filter((relation) => relation.inverseEntityMetadata === read && isLookedUp(sql, read, relation))
      .map(({ propertyPath }) => `${metadata.name}.${propertyPath}`),
  )
  return relations.length === 0 ? undefined : `load ${relations.join(' or ')} with the rows`
}

function readsFrom(sql: string, table: string): boolean {
  return new RegExp(
    `\\bFROM\\s+["\`]?(?:\\w+["\`]?\\.["\`]?)?${escaped(table.split('.').at(-1) ?? table)}["\`]?\\b`,
    'i',
  ).test(sql)
}

/** By the key of the row, for what a row belongs to; by a foreign key, for what belongs to a row. */
function isLookedUp(sql: string, read: EntityMetadata, relation: EntityMetadata['relations'][number]): boolean {
  const columns = relation.isOwning ? read.primaryColumns : (relation.inverseRelation?.joinColumns ?? [])
  const [, where = ''] = sql.split(/\bWHERE\b/i, 2)
  return (
    columns.length > 0 &&
    columns.every(({ databaseName }) => new RegExp(`["\`.]${escaped(databaseName)}["\`]?\\s*(?:=|IN)`, 'i').test(where))
  )
}

function escaped(name: string): string {
  return name.replaceAll(/[$^*+?.()|[\]{}\\]/g, '\\$&')
}
