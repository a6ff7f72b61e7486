/** What has become of a row: every change of an `@Audited` entity, newest first. */
import { currentTenant } from 'tenon'
import { Injectable, type Class } from 'tenon/decorators'
import { LessThan, type FindOptionsWhere } from 'typeorm'

import { UnitOfWork } from '../unit-of-work.ts'
import { printKey } from './audited-write.ts'
import { EntityChange } from './entity-change.ts'

export interface HistoryRequest {
  /** Most changes. Default: 50. */
  readonly size?: number
  /** Only changes before this one, by its `id`: for the next page. */
  readonly before?: number
}

@Injectable()
export class History {
  readonly #unitOfWork: UnitOfWork

  constructor(unitOfWork: UnitOfWork) {
    this.#unitOfWork = unitOfWork
  }

  /**
   * The changes of one row, newest first; also of one that is gone. Within a tenant only what was changed for it. Whether
   * the caller may see the row is for the caller of this method to know.
   * @param key - The primary key; of several columns, their values in the order of the entity.
   */
  of(entity: Class, key: unknown, { size = 50, before }: HistoryRequest = {}): Promise<readonly EntityChange[]> {
    const tenant = currentTenant()
    const where: FindOptionsWhere<EntityChange> = {
      entity: entity.name,
      key: printKey([key].flat()),
      ...(tenant !== undefined && { tenant }),
      ...(before !== undefined && { id: LessThan(before) }),
    }
    const rows = this.#unitOfWork.holding(entity).keeping(entity).manager.getRepository(EntityChange)
    return rows.find({ where, order: { id: 'DESC' }, take: size })
  }
}
