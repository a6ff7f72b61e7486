/**
 * What a read asks for, apart from its values: reads of one shape have the same SQL text, so one plan serves them all.
 * A shape is written as a text in which every name stands with its length, so that no two shapes have the same text
 * whatever names a caller makes up.
 */
import { FindOperator, InstanceChecker, type FindManyOptions } from 'typeorm'

/** The options of a read that a plan can be made for. */
export interface ReadOptions extends Pick<
  FindManyOptions,
  'where' | 'order' | 'relations' | 'select' | 'take' | 'skip' | 'withDeleted' | 'loadEagerRelations'
> {}

const PLANNED_OPTIONS: ReadonlySet<string> = new Set<keyof ReadOptions>([
  'where',
  'order',
  'relations',
  'select',
  'take',
  'skip',
  'withDeleted',
  'loadEagerRelations',
])

/** Operators whose SQL depends on nothing but their type, and whose value is one parameter. */
const SIMPLE_OPERATORS = new Set([
  'equal',
  'not',
  'lessThan',
  'lessThanOrEqual',
  'moreThan',
  'moreThanOrEqual',
  'like',
  'ilike',
])

/** Most values of one read; more are left to TypeORM, as their shape would hardly come again. */
const MAX_VALUES = 500

/** Reads the shape of one read after the other. */
export class ReadShape {
  /** The same for reads that differ in values alone. */
  key = ''
  /** What the read compares with, in the order in which the shape names them. */
  readonly values: unknown[] = []

  /**
   * Whether every part of `options` can be planned; else the shape means nothing.
   * @param take - In place of that of the options.
   */
  read(options: ReadOptions, take: number | undefined = options.take): boolean {
    for (const name in options) {
      if (!PLANNED_OPTIONS.has(name) && options[name as keyof ReadOptions] !== undefined) return false
    }
    const { where, order, relations, select, skip, withDeleted, loadEagerRelations } = options
    if (where !== undefined && !this.#readWhere(where)) return false
    if (order === undefined && relations === undefined && select === undefined) this.key += '|||'
    else {
      for (const part of [order, relations, select]) {
        this.key += '|'
        if (part !== undefined && !this.#readWords(part)) return false
      }
    }
    if (!isPage(take, 1) || !isPage(skip, 0)) return false
    this.key += `|${take === undefined ? '' : take === 1 ? '1' : 't'}${skip === undefined ? '' : skip === 0 ? '0' : 's'}`
    this.key += `|${String(withDeleted)}|${String(loadEagerRelations)}`
    return true
  }

  #readWhere(where: unknown): boolean {
    if (Array.isArray(where)) {
      this.key += '['
      for (const each of where) if (!isPlain(each) || !this.#readWhere(each)) return false
      this.key += ']'
      return true
    }
    this.key += '{'
    for (const name in where as Record<string, unknown>) {
      this.key += `${name.length}:${name}`
      if (!this.#readCriterion((where as Record<string, unknown>)[name])) return false
    }
    this.key += '}'
    return true
  }

  #readCriterion(value: unknown): boolean {
    if (isScalar(value)) return this.#add('=', value)
    if (InstanceChecker.isFindOperator(value)) return this.#readOperator(value)
    return isPlain(value) && this.#readWhere(value)
  }

  #readOperator(operator: FindOperator<unknown>): boolean {
    const { type, child, value } = operator
    this.key += `~${type}`
    if (type === 'isNull') return true
    if (type === 'not' && child) return this.#readOperator(child)
    if (child) return false
    if (SIMPLE_OPERATORS.has(type)) return isScalar(value) && this.#add('=', value)
    if (!Array.isArray(value) || value.length > MAX_VALUES) return false
    this.key += value.length
    if (type === 'in' || type === 'between') return value.every((each) => isScalar(each) && this.#add('', each))
    if (type !== 'and' && type !== 'or') return false
    return value.every((each) => InstanceChecker.isFindOperator(each) && this.#readOperator(each))
  }

  #add(mark: string, value: unknown): boolean {
    this.key += mark
    return this.values.push(value) <= MAX_VALUES
  }

  /** Options that are words and switches: they are part of the shape. */
  #readWords(value: unknown): boolean {
    if (typeof value === 'function' || typeof value === 'symbol') return false
    if (typeof value !== 'object' || value === null) {
      const text = String(value)
      this.key += `${typeof value}${text.length}:${text}`
      return true
    }
    this.key += Array.isArray(value) ? '[' : '{'
    for (const name in value) {
      this.key += `${name.length}:${name}`
      if (!this.#readWords((value as Record<string, unknown>)[name])) return false
    }
    this.key += '}'
    return true
  }
}

function isPage(value: unknown, least: number): boolean {
  return value === undefined || (Number.isSafeInteger(value) && (value as number) >= least)
}

/** A value that every driver takes as one parameter, and that means the same bound as written into the text. */
export function isScalar(value: unknown): boolean {
  switch (typeof value) {
    case 'string':
    case 'boolean':
    case 'bigint':
      return true
    case 'number':
      return Number.isSafeInteger(value) || (Number.isFinite(value) && !Number.isInteger(value))
    default:
      return value instanceof Date || value instanceof Uint8Array
  }
}

function isPlain(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !(value instanceof Promise) && !(value instanceof Date)
}
