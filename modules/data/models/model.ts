/**
 * Entities that read and write themselves, for those who like it that way: `await User.where({ active: true })`. They are
 * found in the current transaction, and everything that holds for repositories holds for them: filters, criteria that
 * cannot be missing, versions.
 */
import type { Class } from 'tenon/decorators'
import type { DeepPartial, FindManyOptions, FindOneOptions, ObjectLiteral } from 'typeorm'

import type { Key } from '../query/call-criteria.ts'
import type { Where } from '../criteria.ts'
import type { Page, PageRequest } from '../page.ts'
import type { Query } from '../query/query.ts'
import { keyOf, repositoryOf } from './model-homes.ts'

/** @example `@Entity() export class User extends Model { @PrimaryGeneratedColumn() id!: number … }` */
export abstract class Model {
  /** A query that is awaited or iterated. @throws `DATA_CRITERIA_MISSING` */
  static where<M extends ObjectLiteral>(this: Class<M>, where: Where<M>): Query<M> {
    return repositoryOf(this).where(where)
  }

  /** A query for all rows, to go on with. */
  static query<M extends ObjectLiteral>(this: Class<M>): Query<M> {
    return repositoryOf(this).query()
  }

  /** Leaves a filter out, for a logged reason; `softDelete` is the one of deleted rows. */
  static without<M extends ObjectLiteral>(this: Class<M>, filter: string, reason: string): Query<M> {
    return repositoryOf(this).without(filter, reason)
  }

  static find<M extends ObjectLiteral>(this: Class<M>, options: FindManyOptions<M> = {}): Promise<M[]> {
    return repositoryOf(this).find(options)
  }

  /** The first row that fits. @throws `DATA_CRITERIA_MISSING` */
  static findOne<M extends ObjectLiteral>(this: Class<M>, options: FindOneOptions<M>): Promise<M | null> {
    return repositoryOf(this).findOne(options)
  }

  /** @throws `DATA_ENTITY_NOT_FOUND`, a 404 at the edge. */
  static findOrFail<M extends ObjectLiteral>(
    this: Class<M>,
    key: Key<M>,
    options: Omit<FindOneOptions<M>, 'where'> = {},
  ): Promise<M> {
    return repositoryOf(this).findOrFail(key, options)
  }

  static count<M extends ObjectLiteral>(this: Class<M>, options: FindManyOptions<M> = {}): Promise<number> {
    return repositoryOf(this).count(options)
  }

  static exists<M extends ObjectLiteral>(this: Class<M>, options: FindManyOptions<M> = {}): Promise<boolean> {
    return repositoryOf(this).exists(options)
  }

  /** @throws `DATA_PAGE_INVALID`, `DATA_PAGE_TOO_LARGE` */
  static paginate<M extends ObjectLiteral>(this: Class<M>, request: PageRequest<M> = {}): Promise<Page<M>> {
    return repositoryOf(this).paginate(request)
  }

  /** Writes a new row. @throws `DATA_DUPLICATE_ROW`, a 409 at the edge. */
  static create<M extends ObjectLiteral>(this: Class<M>, values: DeepPartial<M>): Promise<M> {
    return repositoryOf(this).insert(values)
  }

  /** Writes many new rows, all or none. @throws `DATA_DUPLICATE_ROW` */
  static createMany<M extends ObjectLiteral>(this: Class<M>, values: readonly DeepPartial<M>[]): Promise<readonly M[]> {
    return repositoryOf(this).insertMany(values)
  }

  /** Writes the row: a new one, or what has changed. @throws `DATA_DUPLICATE_ROW`, `DATA_VERSION_CONFLICT` */
  async save(): Promise<this> {
    await repositoryOf(classOf(this)).save(this)
    return this
  }

  /** Takes the row away. @throws `DATA_ENTITY_NOT_FOUND` when it is not there any more, `DATA_MODEL_UNSAVED` */
  async delete(): Promise<void> {
    const rows = repositoryOf(classOf(this))
    const key = keyOf<ObjectLiteral>(this)
    if ((await rows.delete(key)) === 0) await rows.findOrFail(key)
  }

  /** Reads the row again; what was changed and not saved is lost. @throws `DATA_ENTITY_NOT_FOUND` */
  async reload(): Promise<this> {
    return Object.assign(this, await repositoryOf(classOf(this)).findOrFail(keyOf<ObjectLiteral>(this)))
  }
}

function classOf(model: Model): Class<ObjectLiteral> {
  return model.constructor as Class<ObjectLiteral>
}
