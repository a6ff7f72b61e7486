/**
 * The options of a read with a mark in place of each value: what TypeORM builds the SQL of a plan from. The order of the
 * marks is that of the values in the shape.
 */
import { FindOperator, InstanceChecker, type EntityMetadata } from 'typeorm'
import { ApplyValueTransformers } from 'typeorm/util/ApplyValueTransformers.js'

import type { ReadOptions } from './read-shape.ts'

/** Stands for a value in the parameters of a plan. */
export class Mark {
  readonly index: number
  /** What the column's transformer makes of the value on its way into the database. */
  readonly transform: ((value: unknown) => unknown) | undefined

  constructor(index: number, transform?: (value: unknown) => unknown) {
    this.index = index
    this.transform = transform
  }
}

/** Numbers in place of `take` and `skip`: TypeORM writes them into the SQL text, where they become parameters. */
export const TAKE_MARK = 987_654_321_001
export const SKIP_MARK = 987_654_321_002

/** TypeORM would hand the mark to the column's transformer; values are transformed when they are known. */
class MarkedOperator extends FindOperator<unknown> {
  override transformValue(): void {}
}

/** The template, or `undefined` where the criteria are not what TypeORM's SQL depends on alone. */
export function templateOptions(metadata: EntityMetadata, options: ReadOptions): ReadOptions | undefined {
  const { where, take, skip } = options
  const marks = new Marks()
  const marked = where === undefined ? undefined : marks.where(metadata, where, '')
  if (marks.isUnplannable) return undefined
  return {
    ...options,
    ...(marked === undefined ? {} : { where: marked as object }),
    ...(take === undefined || take === 1 ? {} : { take: TAKE_MARK }),
    ...(skip === undefined || skip === 0 ? {} : { skip: SKIP_MARK }),
  }
}

class Marks {
  isUnplannable = false
  #count = 0

  where(metadata: EntityMetadata, where: unknown, prefix: string): unknown {
    if (Array.isArray(where)) {
      if (prefix !== '') return this.#unplannable()
      return where.map((each) => this.where(metadata, each, prefix))
    }
    const marked: Record<string, unknown> = {}
    for (const name in where as Record<string, unknown>) {
      marked[name] = this.#criterion(metadata, `${prefix}${name}`, (where as Record<string, unknown>)[name])
    }
    return marked
  }

  #criterion(metadata: EntityMetadata, path: string, value: unknown): unknown {
    const column = metadata.findColumnWithPropertyPathStrict(path)
    if (column) {
      const { transformer } = column
      const transform = transformer && ((each: unknown) => ApplyValueTransformers.transformTo(transformer, each))
      if (InstanceChecker.isFindOperator(value)) return this.#operator(value, transform)
      if (typeof value === 'object' && !(value instanceof Date) && !(value instanceof Uint8Array)) {
        return this.#unplannable()
      }
      return new MarkedOperator('equal', this.#mark(transform))
    }
    if (typeof value !== 'object' || InstanceChecker.isFindOperator(value)) return this.#unplannable()
    if (metadata.findEmbeddedWithPropertyPath(path)) return this.where(metadata, value, `${path}.`)
    const relation = metadata.findRelationWithPropertyPath(path)
    if (!relation || Array.isArray(value)) return this.#unplannable()
    return this.where(relation.inverseEntityMetadata, value, '')
  }

  #operator(operator: FindOperator<unknown>, transform: Mark['transform']): FindOperator<unknown> {
    const { type, child, value, useParameter, multipleParameters } = operator
    if (child) return new MarkedOperator(type, this.#operator(child, transform))
    if (type === 'isNull') return new MarkedOperator(type, undefined, false)
    if (type === 'and' || type === 'or') {
      // What TypeORM hands to a transformer here is the operators, not their values.
      if (transform) this.isUnplannable = true
      const operators = (value as FindOperator<unknown>[]).map((each) => this.#operator(each, transform))
      return new MarkedOperator(type, operators, useParameter, multipleParameters)
    }
    const marked = Array.isArray(value) ? value.map(() => this.#mark(transform)) : this.#mark(transform)
    return new MarkedOperator(type, marked, useParameter, multipleParameters)
  }

  #mark(transform: Mark['transform']): Mark {
    this.#count += 1
    return new Mark(this.#count - 1, transform)
  }

  #unplannable(): undefined {
    this.isUnplannable = true
    return undefined
  }
}
