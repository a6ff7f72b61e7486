/**
 * What a decision needs to know of a row and the row at hand does not hold: relations that were not loaded, columns that
 * were not selected. Read by the same expressions that filter lists, so both see the same.
 */
import type { EntityMetadata } from 'tenon/data'

import { isEmpty, valueAt } from '../conditions/evaluate.ts'
import { literalsOf, type Formula } from '../conditions/formula.ts'
import type { RowDatabase } from './row-database.ts'

type Path = readonly string[]
type Values = Record<string, unknown>

/** Paths of the row that a formula asks for. */
export function pathsOf(formula: Formula): readonly Path[] {
  const operands = literalsOf(formula).flatMap(({ atom }) => {
    if (atom.kind === 'empty') return [atom.operand]
    return atom.kind === 'compare' || atom.kind === 'in' ? [atom.left, atom.right] : []
  })
  const paths = operands.flatMap((operand) => (operand.from === 'row' ? [operand.path] : []))
  return [...new Map(paths.map((path) => [path.join('.'), path])).values()]
}

/** For one decision, or the decisions on one list: what many rows refer to is read once. */
export class RowFacts {
  readonly #database: RowDatabase
  readonly #read = new Map<string, Promise<unknown>>()

  constructor(database: RowDatabase) {
    this.#database = database
  }

  /** The row, or a copy with what was missing; at once where nothing is. */
  complete(row: object, metadata: EntityMetadata | undefined, paths: readonly Path[]): object | Promise<object> {
    if (!metadata) return row
    const missing = paths.filter((path) => isMissing(row, metadata, path))
    return missing.length === 0 ? row : this.#complete(row, metadata, missing)
  }

  async #complete(row: object, metadata: EntityMetadata, missing: readonly Path[]): Promise<object> {
    const copy = Object.assign(Object.create(Object.getPrototypeOf(row) as object) as object, row)
    for (const path of missing) setAt(copy as Values, path, await this.#value(row, metadata, path))
    return copy
  }

  #value(row: object, metadata: EntityMetadata, path: Path): Promise<unknown> {
    const relation = firstRelation(metadata, path)
    if (relation?.isOwning) {
      const keys = relation.joinColumns.map((join) => foreignKey(row, join))
      if (keys.every((key) => key === null)) return Promise.resolve(null)
      if (keys.every((key) => key !== undefined)) {
        const columns = relation.joinColumns.map(({ referencedColumn }) => referencedColumn!)
        const rest = path.slice(relation.propertyPath.split('.').length)
        return this.#select(relation.inverseEntityMetadata, columns, keys, rest)
      }
    }
    const keys = metadata.primaryColumns.map((column) => column.getEntityValue(row) as unknown)
    return keys.some(isEmpty) ? Promise.resolve(null) : this.#select(metadata, metadata.primaryColumns, keys, path)
  }

  #select(
    metadata: EntityMetadata,
    columns: EntityMetadata['columns'],
    keys: readonly unknown[],
    path: Path,
  ): Promise<unknown> {
    const known = JSON.stringify([metadata.tablePath, columns.map(({ databaseName }) => databaseName), keys, path])
    let reading = this.#read.get(known)
    if (!reading) this.#read.set(known, (reading = this.#ask(metadata, columns, keys, path)))
    return reading
  }

  async #ask(
    metadata: EntityMetadata,
    columns: EntityMetadata['columns'],
    keys: readonly unknown[],
    path: Path,
  ): Promise<unknown> {
    const { driver } = metadata.dataSource
    const row = driver.escape('access_row')
    const writer = this.#database.writer(metadata, row, 'access')
    const { sql, column } = writer.value(path)
    const table = metadata.tablePath
      .split('.')
      .map((part) => driver.escape(part))
      .join('.')
    const where = columns.map((column, index) => writer.keyEquals(column, keys[index]))
    where.push(...writer.ownership(metadata, row))
    const text = `SELECT ${sql} AS ${driver.escape('value')} FROM ${table} ${row} WHERE ${where.join(' AND ')}`
    const { parameters } = writer
    const [found] = await this.#database.select(metadata, { text, parameters })
    return found ? (driver.prepareHydratedValue(found['value'], column) as unknown) : null
  }
}

/** Not there, or cut off by a filter: nothing behind a key that is there. */
function isMissing(row: object, metadata: EntityMetadata, path: Path): boolean {
  const relation = firstRelation(metadata, path)
  if (!relation) return valueAt(row, path) === undefined
  const steps = relation.propertyPath.split('.')
  const related = valueAt(row, steps)
  if (related === null) return relation.joinColumns.some((join) => !isEmpty(foreignKey(row, join)))
  if (related === undefined) return true
  return isMissing(related, relation.inverseEntityMetadata, path.slice(steps.length))
}

function firstRelation(metadata: EntityMetadata, path: Path): EntityMetadata['relations'][number] | undefined {
  if (metadata.findColumnWithPropertyPathStrict(path.join('.'))) return undefined
  for (let length = 1; length < path.length; length++) {
    const relation = metadata.findRelationWithPropertyPath(path.slice(0, length).join('.'))
    if (relation) return relation
  }
  return undefined
}

/** The value of the column beside the relation; that of a relation without one is not to be seen. */
function foreignKey(row: object, join: EntityMetadata['columns'][number]): unknown {
  const beside = join.entityMetadata.ownColumns.find(
    (column) => column.databaseName === join.databaseName && !column.relationMetadata,
  )
  return (beside ?? join).getEntityValue(row) as unknown
}

function setAt(target: Values, [name, ...rest]: Path, value: unknown): void {
  if (name === undefined) return
  if (rest.length === 0) {
    target[name] = value
    return
  }
  const inner = target[name] as object | null | undefined
  const copy = Object.assign(Object.create(inner ? (Object.getPrototypeOf(inner) as object) : null) as Values, inner)
  target[name] = copy
  setAt(copy, rest, value)
}
