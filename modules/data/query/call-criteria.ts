/** The criteria of the calls of one repository: refused, with the call named, where they do not say which rows. */
import { isDate } from 'node:util/types'

import type { EntityMetadata, FindOptionsWhere } from 'typeorm'

import { requireSome, requireValues } from '../criteria.ts'

/** The value of a primary key of one column; for several columns, an object of them. */
export type Key<E> = string | number | bigint | Date | FindOptionsWhere<E>

export class CallCriteria<E> {
  readonly #repository: string
  readonly #metadata: () => EntityMetadata

  /** @param repository - What it is called in errors. */
  constructor(repository: string, metadata: () => EntityMetadata) {
    this.#repository = repository
    this.#metadata = metadata
  }

  call(method: string): string {
    return `${this.#repository}.${method}`
  }

  /** A `where` that is there must say something: `{ where: undefined }` was meant to. @throws `DATA_CRITERIA_MISSING` */
  check(method: string, options: { readonly where?: unknown }): void {
    if ('where' in options) requireValues(this.call(method), options.where)
  }

  /** @throws `DATA_CRITERIA_MISSING`, `DATA_CRITERIA_EMPTY` */
  ofKey(method: string, key: Key<E>): FindOptionsWhere<E> {
    const where = isPlainKey(key) ? { [this.#onlyKey(method, key)]: key } : key
    if (where === key || key === undefined || key === null) requireSome(this.call(method), where)
    return where as FindOptionsWhere<E>
  }

  #onlyKey(method: string, key: unknown): string {
    const { primaryColumns, name } = this.#metadata()
    if (primaryColumns.length === 1) return primaryColumns[0]!.propertyName
    const call = `${this.call(method)}(${String(key)})`
    throw new TypeError(`${call}: ${name} has a key of several columns; give all of them.`)
  }
}

function isPlainKey(key: unknown): boolean {
  return key === undefined || key === null || typeof key !== 'object' || isDate(key)
}
