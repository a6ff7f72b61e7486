/** The interpreter in SQL: what remains of a formula for a caller, as a condition on the rows of a statement. */
import type { ConditionAtom, Operand, Scalar } from 'tenon/decorators'
import type { EntityMetadata, RowOwner } from 'tenon/data'

import { PolicyUntranslatable } from '../access-errors.ts'
import { FALSE, TRUE, type Formula, type Literal } from '../conditions/formula.ts'
import { kindOf } from '../conditions/values.ts'
import { columnKind, type ColumnKind } from './column-kind.ts'
import { dialectOf, type Dialect } from './dialect.ts'

type Column = EntityMetadata['columns'][number]
type Relation = EntityMetadata['relations'][number]

/** A condition and the values that its names stand for. */
export interface RowSql {
  readonly text: string
  readonly parameters: Readonly<Record<string, unknown>>
}

/** Whose rows of an entity the running code may see; `undefined`: all. */
export type OwnerOf = (metadata: EntityMetadata) => RowOwner | undefined

/** Where a value stands, as SQL, and what kind of column it is. */
interface Place {
  readonly sql: string
  readonly column: Column
  readonly kind: ColumnKind
}

export class RowSqlWriter {
  readonly #metadata: EntityMetadata
  readonly #row: string
  readonly #prefix: string
  readonly #dialect: Dialect
  readonly #ownerOf: OwnerOf
  readonly #parameters: Record<string, unknown> = {}
  #names = 0

  /**
   * @param row - The escaped name by which the statement calls the row.
   * @param prefix - What the names of the values begin with: unique in the statement.
   * @param ownerOf - Keeps related rows within what the running code may see, where somebody keeps rows apart.
   */
  constructor(metadata: EntityMetadata, row: string, prefix: string, ownerOf: OwnerOf) {
    this.#ownerOf = ownerOf
    this.#metadata = metadata
    this.#row = row
    this.#prefix = prefix
    this.#dialect = dialectOf(metadata.dataSource.options.type)
  }

  /** @throws `ACCESS_POLICY_UNTRANSLATABLE` naming the rule. */
  write(formula: Formula): RowSql {
    return { text: this.#formula(formula), parameters: this.#parameters }
  }

  /** What keeps rows of an entity to their owner; none where all may be seen. */
  ownership(metadata: EntityMetadata, row: string): readonly string[] {
    const owner = this.#ownerOf(metadata)
    if (!owner) return []
    const name = `${this.#prefix}_${this.#names++}`
    this.#parameters[name] = owner.value
    return [`${row}.${metadata.dataSource.driver.escape(owner.column.databaseName)} = :${name}`]
  }

  /**
   * A column of the row against a key. Servers refuse keys that the column cannot hold (`abc` or 1e21 for an integer);
   * compared like any value they are just nobody's.
   */
  keyEquals(column: Column, key: unknown): string {
    const right = { from: 'value', value: key as Scalar } as const
    if (columnKind(column) !== undefined) {
      const left = { from: 'row', path: column.propertyPath.split('.') } as const
      return kindOf(key) === undefined ? '1 = 0' : this.#compare({ kind: 'compare', operator: 'equal', left, right })
    }
    const name = `${this.#prefix}_${this.#names++}`
    const { driver } = this.#metadata.dataSource
    this.#parameters[name] = driver.preparePersistentValue(key, column)
    return `${this.#row}.${driver.escape(column.databaseName)} = :${name}`
  }

  get parameters(): Readonly<Record<string, unknown>> {
    return this.#parameters
  }

  /** The value at a path, as SQL. @throws `ACCESS_POLICY_UNTRANSLATABLE` */
  value(path: readonly string[]): { readonly sql: string; readonly column: Column } {
    return this.#walk(path, this.#metadata, this.#row)
  }

  #formula(formula: Formula): string {
    if (formula === TRUE) return '1 = 1'
    if (formula === FALSE) return '1 = 0'
    if (formula.kind === 'literal') return this.#literal(formula)
    if (formula.of.length === 0) return formula.kind === 'all' ? '1 = 1' : '1 = 0'
    return formula.of.map((each) => `(${this.#formula(each)})`).join(formula.kind === 'all' ? ' AND ' : ' OR ')
  }

  /** Where nothing is negated around it, null and false exclude a row alike. */
  #literal(literal: Literal): string {
    try {
      const sql = this.#atom(literal.atom)
      return literal.negated ? `NOT COALESCE(${sql}, ${this.#false})` : sql
    } catch (error) {
      if (!(error instanceof TypeError)) throw error
      throw new PolicyUntranslatable(literal.origin?.name ?? this.#metadata.name, error.message).causedBy(error)
    }
  }

  get #false(): string {
    return this.#metadata.dataSource.options.type === 'postgres' ? 'FALSE' : '0'
  }

  #atom(atom: ConditionAtom): string {
    switch (atom.kind) {
      case 'empty':
        return `${this.value(pathOf(atom.operand)).sql} IS NULL`
      case 'compare':
        return this.#compare(atom)
      case 'in': {
        const values = valueOf(atom.right) as readonly Scalar[]
        const each = values.map((value) =>
          this.#compare({ kind: 'compare', operator: 'equal', left: atom.left, right: { from: 'value', value } }),
        )
        return each.length === 0 ? '1 = 0' : `(${each.join(' OR ')})`
      }
      case 'code':
        throw new TypeError(`"${atom.says}" is code`)
      default:
        throw new TypeError(`${atom.kind} is not about a row`)
    }
  }

  #compare({ operator, left, right }: Extract<ConditionAtom, { kind: 'compare' }>): string {
    if (left.from !== 'row') {
      return this.#compare({ kind: 'compare', operator: MIRRORED[operator], left: right, right: left })
    }
    const place = this.#place(left)
    const { column, kind, sql } = place
    if (right.from !== 'row') {
      const value = this.#persistent(place, valueOf(right) as Scalar, operator)
      if (value === undefined) return '1 = 0'
      return `(${this.#dialect.compareValue(kind, operator, sql, value, (each) => this.#bind(each, kind, column))})`
    }
    const other = this.#place(right)
    if (column.transformer ?? other.column.transformer) throw new TypeError('a column is kept in another form')
    if (valueKind(kind) !== valueKind(other.kind)) return '1 = 0'
    return `(${this.#dialect.compareColumns(kind, operator, sql, other.sql)})`
  }

  /** As the column keeps it; `undefined` for what it never holds. */
  #persistent({ column, kind }: Place, value: Scalar, operator: string): unknown {
    const { transformer } = column
    if (transformer && operator !== 'equal') throw new TypeError(`${column.propertyPath} is kept in another form`)
    const transformers = Array.isArray(transformer) ? transformer.toReversed() : transformer ? [transformer] : []
    const kept = transformers.reduce<unknown>((each, { to }) => to(each), value)
    return kindOf(kept) === valueKind(kind) ? kept : undefined
  }

  #bind(value: unknown, kind: ColumnKind, column: Column): string {
    const { driver } = this.#metadata.dataSource
    const name = `${this.#prefix}_${this.#names++}`
    // Only times have a form of their own in each driver, and the transformer has run already.
    this.#parameters[name] =
      value instanceof Date && kind === 'time'
        ? driver.preparePersistentValue(value, Object.create(column, { transformer: { value: undefined } }) as Column)
        : value
    return `:${name}`
  }

  #place(operand: Operand): Place {
    const { sql, column } = this.value(pathOf(operand))
    const kind = columnKind(column)
    if (!kind) throw new TypeError(`${column.propertyPath} has a type that SQL compares by rules of its own`)
    return { sql, column, kind }
  }

  #walk(path: readonly string[], metadata: EntityMetadata, row: string): { sql: string; column: Column } {
    const { driver } = metadata.dataSource
    const own = metadata.findColumnWithPropertyPathStrict(path.join('.'))
    if (own) return { sql: `${row}.${driver.escape(own.databaseName)}`, column: own }
    for (let length = 1; length < path.length; length++) {
      const relation = metadata.findRelationWithPropertyPath(path.slice(0, length).join('.'))
      if (relation) return this.#follow(relation, path.slice(length), row)
    }
    throw new TypeError(`${metadata.name}.${path.join('.')} is no column`)
  }

  /** One row at most is on the other side, so a subquery in place of the value is the value, or null. */
  #follow(relation: Relation, rest: readonly string[], row: string): { sql: string; column: Column } {
    if (!relation.isManyToOne && !relation.isOneToOne) {
      throw new TypeError(`${relation.entityMetadata.name}.${relation.propertyPath} refers to many`)
    }
    const { driver } = this.#metadata.dataSource
    const { inverseEntityMetadata: other, isOwning } = relation
    const alias = driver.escape(`${this.#prefix}_${this.#names++}`)
    const joins = isOwning ? relation.joinColumns : (relation.inverseRelation?.joinColumns ?? [])
    const on = joins.map((join) => {
      const [near, far] = isOwning ? [join, join.referencedColumn!] : [join.referencedColumn!, join]
      return `${alias}.${driver.escape(far.databaseName)} = ${row}.${driver.escape(near.databaseName)}`
    })
    const { sql, column } = this.#walk(rest, other, alias)
    on.push(...this.ownership(other, alias))
    const table = other.tablePath
      .split('.')
      .map((part) => driver.escape(part))
      .join('.')
    return { sql: `(SELECT ${sql} FROM ${table} ${alias} WHERE ${on.join(' AND ')})`, column }
  }
}

const MIRRORED = {
  equal: 'equal',
  less: 'greater',
  lessOrEqual: 'greaterOrEqual',
  greater: 'less',
  greaterOrEqual: 'lessOrEqual',
} as const

function valueKind(kind: ColumnKind): string {
  return kind === 'uuid' || kind === 'enum' ? 'text' : kind
}

function pathOf(operand: Operand): readonly string[] {
  if (operand.from === 'value') throw new TypeError('a value stands where a field should')
  return operand.path
}

function valueOf(operand: Operand): unknown {
  if (operand.from !== 'value') throw new TypeError('an attribute of the caller was not filled in')
  return operand.value
}
