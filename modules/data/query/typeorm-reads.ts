/** Reads by TypeORM itself, with the shape of those by plan. */
import type { Class } from 'tenon/decorators'
import type { EntityManager, FindManyOptions, FindOneOptions, ObjectLiteral } from 'typeorm'

/** Who reads for a repository. */
export interface Reader<E extends ObjectLiteral> {
  find(manager: EntityManager, options: FindManyOptions<E>): E[] | Promise<E[]>
  findOne(manager: EntityManager, options: FindOneOptions<E>): E | null | Promise<E | null>
  findAndCount(manager: EntityManager, options: FindManyOptions<E>): Promise<[E[], number]>
}

export class TypeOrmReads<E extends ObjectLiteral> implements Reader<E> {
  readonly #entity: Class<E>

  constructor(entity: Class<E>) {
    this.#entity = entity
  }

  find(manager: EntityManager, options: FindManyOptions<E>): Promise<E[]> {
    return manager.getRepository(this.#entity).find(options)
  }

  findOne(manager: EntityManager, options: FindOneOptions<E>): Promise<E | null> {
    return manager.getRepository(this.#entity).findOne(options)
  }

  findAndCount(manager: EntityManager, options: FindManyOptions<E>): Promise<[E[], number]> {
    return manager.getRepository(this.#entity).findAndCount(options)
  }
}
