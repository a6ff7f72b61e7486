/** Writes the entities of one repository: rows new and changed, one and many, each kept from overwriting another's change. */
import type { Class } from 'tenon/decorators'
import type {
  DeepPartial,
  FindOneOptions,
  FindOptionsWhere,
  ObjectLiteral,
  Repository as TypeOrmRepository,
} from 'typeorm'
import type { QueryDeepPartialEntity } from 'typeorm/query-builder/QueryPartialEntity.js'

import { explainingConstraints } from '../broken-constraint.ts'
import { requireValues } from '../criteria.ts'
import { UnversionedEntity, VersionConflict } from '../data-errors.ts'
import type { UnitOfWork } from '../unit-of-work.ts'
import { insertNew, looksNew } from './insert-new.ts'

/** SQLite takes 32,766 in one statement, PostgreSQL 65,535. */
const MOST_PARAMETERS = 30_000
/** TypeORM reads generated values back with one alternative a row, of which SQLite takes a thousand. */
const MOST_ROWS = 500

/** What the writes need of their repository. */
export interface WriteSource<E extends ObjectLiteral> {
  readonly entity: Class<E>
  readonly rows: () => TypeOrmRepository<E>
  readonly unitOfWork: () => UnitOfWork
  readonly findOrFail: (key: FindOptionsWhere<E>, options: FindOneOptions<E>) => Promise<E>
}

export class EntityWrites<E extends ObjectLiteral> {
  readonly #source: WriteSource<E>

  constructor(source: WriteSource<E>) {
    this.#source = source
  }

  async insert(values: DeepPartial<E>): Promise<E> {
    const entity = this.#rows.create(values)
    await this.#explaining('write', () => this.#rows.insert(entity as QueryDeepPartialEntity<E>))
    return entity
  }

  async insertMany(values: readonly DeepPartial<E>[]): Promise<readonly E[]> {
    const rows = this.#rows
    const entities = values.map((each) => rows.create(each))
    const chunk = Math.min(MOST_ROWS, Math.ceil(MOST_PARAMETERS / rows.metadata.columns.length))
    await this.#explaining('write', () =>
      this.#source.unitOfWork().transaction(async () => {
        for (let from = 0; from < entities.length; from += chunk) {
          await this.#rows.insert(entities.slice(from, from + chunk))
        }
      }),
    )
    return entities
  }

  async save(entity: E): Promise<E> {
    const rows = this.#rows
    const { versionColumn } = rows.metadata
    const version = versionColumn?.getEntityValue(entity) as number | undefined
    // In a transaction, a statement that fails would be the end of it.
    if (!this.#source.unitOfWork().isActive && looksNew(rows, entity) && (await insertNew(rows, entity))) return entity
    const write = (): Promise<E> => this.#explaining('write', () => this.#rows.save(entity))
    if (!versionColumn || version === undefined || !rows.hasId(entity)) return write()
    return this.#source.unitOfWork().transaction(async () => {
      const key = rows.metadata.getEntityIdMap(entity) as FindOptionsWhere<E>
      const sameVersion = { [versionColumn.propertyName]: version } as QueryDeepPartialEntity<ObjectLiteral>
      // Takes the row, so that nobody changes it between this look and the write.
      const look = this.#rows.createQueryBuilder().update().set(sameVersion).updateEntity(false)
      const { affected } = await look.where({ ...key, ...sameVersion }).execute()
      if (affected === 0) throw await this.#conflict(key, version)
      return write()
    })
  }

  async update(where: FindOptionsWhere<E>, changes: QueryDeepPartialEntity<E>): Promise<number> {
    const { affected } = await this.#explaining('write', () => this.#rows.update(where, changes))
    return affected ?? 0
  }

  async delete(where: FindOptionsWhere<E>): Promise<number> {
    const { affected } = await this.#explaining('delete', () => this.#rows.delete(where))
    return affected ?? 0
  }

  async updateVersion(
    call: string,
    where: FindOptionsWhere<E>,
    version: number,
    changes: QueryDeepPartialEntity<E>,
  ): Promise<E> {
    const { versionColumn } = this.#rows.metadata
    if (!versionColumn) throw new UnversionedEntity(this.#source.entity.name)
    requireValues(call, version, 'version')
    return this.#source.unitOfWork().transaction(async () => {
      const affected = await this.update({ ...where, [versionColumn.propertyName]: version }, changes)
      if (affected === 0) throw await this.#conflict(where, version)
      return this.#source.findOrFail(where, {})
    })
  }

  /** @throws `DATA_ENTITY_NOT_FOUND` where there is no such row any more. */
  async #conflict(key: FindOptionsWhere<E>, version: number): Promise<Error> {
    const current = await this.#source.findOrFail(key, this.#asItIsNow)
    const { versionColumn } = this.#rows.metadata
    return new VersionConflict(
      this.#source.entity.name,
      String(version),
      String(versionColumn!.getEntityValue(current)),
    )
  }

  /** MySQL's transactions go on seeing what they have seen first; a lock looks at what is there. */
  get #asItIsNow(): FindOneOptions<E> {
    const { type } = this.#rows.manager.dataSource.options
    return type === 'mysql' || type === 'mariadb' ? { lock: { mode: 'pessimistic_read' } } : {}
  }

  get #rows(): TypeOrmRepository<E> {
    return this.#source.rows()
  }

  #explaining<T>(what: 'write' | 'delete', work: () => Promise<T>): Promise<T> {
    return explainingConstraints(this.#source.entity.name, what, work)
  }
}
