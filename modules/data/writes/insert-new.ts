/**
 * Saving an entity with a key of its own, without asking first whether it is there: it is inserted, and where the database
 * refuses that, saved as TypeORM does. What has a row can never be inserted, so `save` means what it always means.
 */
import { QueryFailedError, type EntityMetadata, type ObjectLiteral, type Repository } from 'typeorm'

import { AuthorSubscriber } from '../audit/author-subscriber.ts'
import { OwnerSubscriber } from '../owners/owner-subscriber.ts'

/**
 * Whether an insert is likely to be right, and does all that saving would: an entity that was read has what the database
 * gives to new rows, the version or the date of its creation.
 */
export function looksNew<E extends ObjectLiteral>({ metadata, manager }: Repository<E>, entity: E): boolean {
  const { createDateColumn, versionColumn, primaryColumns } = metadata
  const given = [createDateColumn, versionColumn].filter((column) => column !== undefined)
  if (given.length === 0 || given.some((column) => column.getEntityValue(entity) !== undefined)) return false
  if (primaryColumns.some((column) => column.isVirtual || column.isGenerated)) return false
  if (primaryColumns.some((column) => isMissing(column.getEntityValue(entity)))) return false
  if (!isWrittenAlone(metadata, entity)) return false
  return manager.dataSource.subscribers.every(
    (each) => each instanceof AuthorSubscriber || each instanceof OwnerSubscriber,
  )
}

/** One row of one table, and nothing that has to be told of it. */
function isWrittenAlone(metadata: EntityMetadata, entity: ObjectLiteral): boolean {
  const { childEntityMetadatas, parentEntityMetadata, treeType, allEmbeddeds, listeners, relations } = metadata
  if (childEntityMetadatas.length > 0 || parentEntityMetadata || treeType) return false
  if (allEmbeddeds.length > 0 || listeners.length > 0) return false
  return relations.every((relation) => {
    if (isMissing(relation.getEntityValue(entity))) return true
    return relation.isWithJoinColumn && !relation.isCascadeInsert && !relation.isCascadeUpdate
  })
}

/** @returns Whether it was new; then the entity has what the database generated, else nothing has changed. */
export async function insertNew<E extends ObjectLiteral>(rows: Repository<E>, entity: E): Promise<boolean> {
  // What is filled in on the way to an insert must not be written into a row that is there.
  const copy = Object.assign(Object.create(Object.getPrototypeOf(entity) as object) as E, entity)
  try {
    await rows.insert(copy)
  } catch (error) {
    if (error instanceof QueryFailedError) return false
    throw error
  }
  for (const column of rows.metadata.columns) {
    if (!column.isVirtual && column.getEntityValue(copy) !== undefined) {
      column.setEntityValue(entity, column.getEntityValue(copy))
    }
  }
  return true
}

function isMissing(value: unknown): boolean {
  return value === undefined || value === null
}
