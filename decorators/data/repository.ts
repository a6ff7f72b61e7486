/** `@Repository`: the class through which one entity is read and written. */
import { annotate } from '../annotate.ts'
import { INJECTABLE } from '../core/injectable.ts'
import { MetadataKey, type Class } from '../metadata.ts'

export const REPOSITORY = new MetadataKey<Class<object>>('data.repository')

/** @example `@Repository(Ticket) class Tickets extends BaseRepository<Ticket> {}` */
export function Repository(entity: Class<object>): ClassDecorator {
  const repository = annotate(REPOSITORY, entity)
  const injectable = annotate(INJECTABLE, { scope: 'singleton', stereotype: 'repository' })
  return (target) => {
    repository(target)
    injectable(target)
  }
}
