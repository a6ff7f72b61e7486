/** Fills the columns of `@CreatedBy` and `@UpdatedBy` before TypeORM writes an entity. */
import { tryCtx } from 'tenon'
import { AUTHOR_COLUMNS, type AuthorColumns } from 'tenon/decorators'
import {
  EventSubscriber,
  type EntityMetadata,
  type EntitySubscriberInterface,
  type InsertEvent,
  type ObjectLiteral,
  type UpdateEvent,
} from 'typeorm'

@EventSubscriber()
export class AuthorSubscriber implements EntitySubscriberInterface {
  beforeInsert({ entity, metadata }: InsertEvent<ObjectLiteral>): void {
    const { createdBy, updatedBy } = authorColumnsOf(metadata)
    if (createdBy) entity[createdBy] = caller()
    if (updatedBy) entity[updatedBy] = caller()
  }

  beforeUpdate({ entity, metadata }: UpdateEvent<ObjectLiteral>): void {
    const { updatedBy } = authorColumnsOf(metadata)
    if (entity && updatedBy) entity[updatedBy] = caller()
  }
}

/** What a statement without an entity sets as well. */
export function authorChanges(metadata: EntityMetadata): ObjectLiteral {
  const { updatedBy } = authorColumnsOf(metadata)
  return updatedBy ? { [updatedBy]: caller() } : {}
}

/** The properties that hold who wrote a row. */
export function authorColumnsOf({ target }: EntityMetadata): AuthorColumns {
  return (typeof target === 'function' ? AUTHOR_COLUMNS.read(target) : undefined) ?? {}
}

function caller(): string | null {
  return tryCtx()?.principal?.id ?? null
}
