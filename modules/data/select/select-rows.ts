/** Sends a selection by the guarded builder, so that filters and owners hold, and gives each value the type of its column. */
import {
  InstanceChecker,
  type EntityMetadata,
  type ObjectLiteral,
  type Repository,
  type SelectQueryBuilder,
} from 'typeorm'
import type { ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js'
import type { WhereClause } from 'typeorm/query-builder/WhereClause.js'
import { ApplyValueTransformers } from 'typeorm/util/ApplyValueTransformers.js'

import { requireValues } from '../criteria.ts'
import { OrderInvalid } from '../query/query-errors.ts'
import { SelectionInvalid } from './select-errors.ts'
import { Aggregate } from './aggregates.ts'
import type { SelectState } from './select-query.ts'

/** The alias of the entity that it begins with; those of relations are made of their paths. */
const ROOT = 'root'
const NAME = /^[A-Za-z_]\w*$/

/** A column or something computed of one, as SQL, and how its value is read. */
interface Expression {
  readonly sql: string
  readonly column: ColumnMetadata | undefined
  readonly read: (value: unknown) => unknown
}

/** Of TypeORM's builders, what they declare as protected. */
interface Conditions {
  getWherePredicateCondition(path: string, value: unknown): WhereClause['condition']
  createWhereConditionExpression(condition: WhereClause['condition'], alwaysWrap?: boolean): string
}

export async function selectRows(rows: Repository<any>, state: SelectState, call: string): Promise<ObjectLiteral[]> {
  return new SelectRows(rows, call).ask(state)
}

class SelectRows {
  readonly #builder: SelectQueryBuilder<ObjectLiteral>
  readonly #call: string
  readonly #entities: Map<string, EntityMetadata>

  constructor(rows: Repository<ObjectLiteral>, call: string) {
    this.#builder = rows.createQueryBuilder(ROOT).select([])
    this.#call = call
    this.#entities = new Map([['', rows.metadata]])
  }

  async ask(state: SelectState): Promise<ObjectLiteral[]> {
    for (const { path, isLeft } of state.joins) this.#join(path, isLeft)
    const selected = new Map(
      Object.entries(state.selection).map(([name, what]) => [name, this.#expression(name, what)]),
    )
    for (const [name, { sql }] of selected) this.#builder.addSelect(sql, name)
    for (const alternatives of state.where) this.#where(alternatives)
    this.#group(state)
    for (const criteria of state.having) this.#having(criteria, selected)
    for (const [name, direction] of Object.entries(state.order)) this.#order(name, direction, selected)
    const found = await this.#builder.limit(state.limit).offset(state.offset).getRawMany<ObjectLiteral>()
    return found.map((row) => Object.fromEntries([...selected].map(([name, { read }]) => [name, read(row[name])])))
  }

  #join(path: string, isLeft: boolean): void {
    const [owner, property] = split(path)
    const relation = this.#entities.get(owner)?.findRelationWithPropertyPath(property)
    if (!relation) throw new SelectionInvalid(this.#call, path, 'is no relation')
    this.#entities.set(path, relation.inverseEntityMetadata)
    this.#builder[isLeft ? 'leftJoin' : 'innerJoin'](`${aliasOf(owner)}.${property}`, aliasOf(path))
  }

  #expression(name: string, what: unknown): Expression {
    if (!NAME.test(name)) throw new SelectionInvalid(this.#call, name, 'cannot name a column of the answer')
    if (!(what instanceof Aggregate)) {
      const column = this.#column(String(what))
      return { sql: pathOf(String(what)), column, read: (value) => this.#hydrate(column, value) }
    }
    const { kind, path } = what
    if (path === '*') return { sql: 'COUNT(*)', column: undefined, read: Number }
    const column = this.#column(path)
    const sql = pathOf(path)
    if (kind === 'count') return { sql: `COUNT(${sql})`, column: undefined, read: Number }
    if (kind === 'countDistinct') return { sql: `COUNT(DISTINCT ${sql})`, column: undefined, read: Number }
    if (kind === 'sum' || kind === 'avg') {
      return {
        sql: `${kind.toUpperCase()}(${sql})`,
        column: undefined,
        read: (value) => (value === null ? null : Number(value)),
      }
    }
    return { sql: `${kind.toUpperCase()}(${sql})`, column, read: (value) => this.#hydrate(column, value) }
  }

  #hydrate(column: ColumnMetadata, value: unknown): unknown {
    return value === null ? null : (this.#builder.dataSource.driver.prepareHydratedValue(value, column) as unknown)
  }

  #where(alternatives: readonly object[]): void {
    for (const each of alternatives) requireValues(`${this.#call}.where`, each)
    const conditions = alternatives.map((criteria) =>
      Object.entries(criteria).map(([path, value]) => this.#condition(pathOf(path), this.#column(path), value)),
    )
    // No criteria in one of them: it is every row.
    if (conditions.some((each) => each.length === 0)) return
    this.#builder.andWhere(`(${conditions.map((each) => each.join(' AND ')).join(' OR ')})`)
  }

  /** Also what is not selected; beside something computed, all that is. */
  #group({ selection, groupBy }: SelectState): void {
    const wanted = Object.values(selection)
    const isComputed = groupBy.length > 0 || wanted.some((each) => each instanceof Aggregate)
    if (!isComputed) return
    const columns = wanted.filter((each) => typeof each === 'string')
    for (const path of new Set([...columns, ...groupBy])) {
      this.#column(path)
      this.#builder.addGroupBy(pathOf(path))
    }
  }

  #having(criteria: object, selected: ReadonlyMap<string, Expression>): void {
    requireValues(`${this.#call}.having`, criteria, 'having')
    for (const [name, value] of Object.entries(criteria)) {
      const expression = selected.get(name)
      if (!expression) throw new SelectionInvalid(this.#call, name, 'is not selected')
      this.#builder.andHaving(this.#condition(expression.sql, expression.column, value))
    }
  }

  #order(name: string, direction: string, selected: ReadonlyMap<string, Expression>): void {
    if (direction !== 'ASC' && direction !== 'DESC') {
      throw new OrderInvalid(this.#root.name, name, 'has no direction ASC or DESC')
    }
    if (selected.has(name)) this.#builder.addOrderBy(name, direction)
    else if (this.#find(name)) this.#builder.addOrderBy(pathOf(name), direction)
    else throw new OrderInvalid(this.#root.name, name, 'is neither selected nor a column')
  }

  /** Values become parameters. */
  #condition(sql: string, column: ColumnMetadata | undefined, value: unknown): string {
    const builder = this.#builder as unknown as Conditions
    return builder.createWhereConditionExpression(builder.getWherePredicateCondition(sql, stored(column, value)), true)
  }

  #column(path: string): ColumnMetadata {
    const column = this.#find(path)
    if (!column) throw new SelectionInvalid(this.#call, path, 'is no column of what is joined')
    return column
  }

  #find(path: string): ColumnMetadata | undefined {
    const [owner, property] = split(path)
    return this.#entities.get(owner)?.findColumnWithPropertyPath(property)
  }

  get #root(): EntityMetadata {
    return this.#entities.get('') as EntityMetadata
  }
}

/** As the column keeps it. TypeORM changes an operator where it stands, and it may be used again: transformed columns take values. */
function stored(column: ColumnMetadata | undefined, value: unknown): unknown {
  if (!column?.transformer || InstanceChecker.isFindOperator(value)) return value
  return ApplyValueTransformers.transformTo(column.transformer, value) as unknown
}

function split(path: string): readonly [owner: string, property: string] {
  const at = path.lastIndexOf('.')
  return at === -1 ? ['', path] : [path.slice(0, at), path.slice(at + 1)]
}

function pathOf(path: string): string {
  const [owner, property] = split(path)
  return `${aliasOf(owner)}.${property}`
}

function aliasOf(path: string): string {
  return path === '' ? ROOT : `${ROOT}_${path.replaceAll('.', '_')}`
}
