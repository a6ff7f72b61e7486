/** Shows an entity that is saved whose it has become; the builder of the statement sees to it for all others. */
import { EventSubscriber, type EntitySubscriberInterface, type InsertEvent, type ObjectLiteral } from 'typeorm'

import { OwnedRows } from './owned-rows.ts'

@EventSubscriber()
export class OwnerSubscriber implements EntitySubscriberInterface {
  beforeInsert({ entity, metadata }: InsertEvent<ObjectLiteral>): void {
    if (entity) OwnedRows.of(metadata.dataSource)?.fill(metadata, [entity])
  }
}
