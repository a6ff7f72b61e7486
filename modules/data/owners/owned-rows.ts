/**
 * Keeps the rows of owned entities apart on one data source: the criterion that every statement gets, the owner that
 * every new row gets, and a last look at each statement before it leaves, whoever wrote it.
 */
import type { AbstractClass } from 'tenon/decorators'
import type { DataSource, EntityMetadata, ObjectLiteral, QueryRunner } from 'typeorm'
import type { ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js'

import { InsertFromSelectUnowned, ReferenceForeign, RowForeign, StatementUnowned } from './owner-errors.ts'
import { actingOwner, OWNER_MARK } from './acting-owner.ts'
import { countVisible, keysIn, readReferences, type Reference } from './references.ts'
import { EVERYBODY, type RowOwners } from './row-owners.ts'
import { readStatement, type StatementNames } from './statement-tables.ts'

/** Texts of statements whose names are remembered; the oldest goes first. */
const MAX_STATEMENTS = 2000

const OWNED_ROWS: unique symbol = Symbol('tenon.data.ownedRows')

/** An owned table, by what SQL calls it. */
interface OwnedTable {
  readonly entity: string
  readonly column: string
}

export class OwnedRows {
  readonly owners: RowOwners
  readonly #source: DataSource
  readonly #columns = new Map<EntityMetadata, ColumnMetadata | undefined>()
  readonly #references = new Map<EntityMetadata, readonly Reference[]>()
  readonly #statements = new Map<string, StatementNames>()
  #tables: ReadonlyMap<string, OwnedTable> | undefined

  constructor(source: DataSource, owners: RowOwners) {
    this.#source = source
    this.owners = owners
  }

  /** Of a source whose rows somebody keeps apart. */
  static of(source: DataSource): OwnedRows | undefined {
    return (source as { readonly [OWNED_ROWS]?: OwnedRows })[OWNED_ROWS]
  }

  static attach(source: DataSource, owners: RowOwners): OwnedRows {
    const rows = new OwnedRows(source, owners)
    Object.assign(source, { [OWNED_ROWS]: rows })
    return rows
  }

  /** The column that holds the owner; `undefined` for entities whose rows are shared. */
  columnOf(metadata: EntityMetadata): ColumnMetadata | undefined {
    if (this.#columns.has(metadata)) return this.#columns.get(metadata)
    const { target } = metadata
    const property = typeof target === 'function' ? this.owners.propertyOf(target as AbstractClass) : undefined
    const column = property === undefined ? undefined : metadata.findColumnWithPropertyName(property)
    this.#columns.set(metadata, column)
    return column
  }

  /** Whom the running code acts for, when that is known. */
  get owner(): string | typeof EVERYBODY | typeof OWNER_MARK | undefined {
    return actingOwner() ?? this.owners.owner()
  }

  /** @throws what the seam says where nobody is known. */
  require(entity: string): string | typeof EVERYBODY | typeof OWNER_MARK {
    const { owner } = this
    if (owner === undefined) throw this.owners.nobody(entity)
    return owner
  }

  /** What every statement on the entity must fit, by its property; `undefined` where all rows may be seen. */
  criteria(metadata: EntityMetadata): ObjectLiteral | undefined {
    const column = this.columnOf(metadata)
    if (!column) return undefined
    const owner = this.require(metadata.name)
    return owner === EVERYBODY ? undefined : { [column.propertyPath]: owner }
  }

  /**
   * Gives new rows their owner.
   * @throws `DATA_ROW_FOREIGN` for one that names another.
   */
  fill(metadata: EntityMetadata, values: readonly ObjectLiteral[]): void {
    const column = this.columnOf(metadata)
    if (!column) return
    const owner = this.require(metadata.name)
    for (const each of values) {
      const named: unknown = column.getEntityValue(each)
      if (owner === EVERYBODY) {
        if (named === undefined || named === null) throw this.owners.nobody(metadata.name)
      } else if (named === undefined || named === null) column.setEntityValue(each, owner)
      else requireOwn(metadata, column, named, owner)
    }
  }

  /** @throws `DATA_ROW_FOREIGN` where changes would give rows to somebody else. */
  requireUnmoved(metadata: EntityMetadata, changes: ObjectLiteral | undefined): void {
    const column = this.columnOf(metadata)
    if (!column || !changes) return
    const owner = this.require(metadata.name)
    const named: unknown = column.getEntityValue(changes)
    if (owner !== EVERYBODY && named !== undefined) requireOwn(metadata, column, named, owner)
  }

  /** What keeps a statement on a junction table to links between rows that the owner may see. */
  linkConditions(junction: EntityMetadata, parameter: (owner: unknown) => string): readonly string[] {
    const { driver } = this.#source
    return this.#referencesOf(junction).flatMap(({ target, columns }) => {
      const owner = this.require(target.name)
      const [{ own, referenced } = {}, ...others] = columns
      if (owner === EVERYBODY || !own || !referenced || others.length > 0) return []
      const column = driver.escape(this.columnOf(target)!.databaseName)
      const theirs = `SELECT ${driver.escape(referenced.databaseName)} FROM ${driver.escape(target.tableName)}`
      return [`${driver.escape(own.databaseName)} IN (${theirs} WHERE ${column} = ${parameter(owner)})`]
    })
  }

  /**
   * Looks for everything that rows to be written point at, within what the owner may see.
   * @throws `DATA_REFERENCE_FOREIGN`, whether the row is somebody else's or is not there at all.
   */
  async requireReferences(
    metadata: EntityMetadata,
    values: readonly ObjectLiteral[],
    runner: QueryRunner | undefined,
  ): Promise<void> {
    for (const reference of this.#referencesOf(metadata)) {
      const keys = keysIn(reference, metadata, values)
      if (keys.length === 0 || this.require(reference.target.name) === EVERYBODY) continue
      const found = await countVisible(reference, keys, this.#source, runner)
      if (found < keys.length) throw new ReferenceForeign(reference.name, reference.target.name)
    }
  }

  /** @throws `DATA_INSERT_SELECT_UNOWNED`: whose the rows of a query are cannot be seen before they are there. */
  requireValues(metadata: EntityMetadata): void {
    if (this.columnOf(metadata) && this.require(metadata.name) !== EVERYBODY) {
      throw new InsertFromSelectUnowned(metadata.name)
    }
  }

  /**
   * A last look at a statement: one on owned tables mentions the column of the owner for each of them, and has the owner
   * among its parameters.
   * @throws `DATA_STATEMENT_UNOWNED`
   */
  requireOwned(sql: string, parameters: readonly unknown[] | undefined): void {
    const { tables, mentions } = this.#read(sql)
    if (tables.length === 0) return
    const known = this.#ownedTables()
    const owned = tables.flatMap((name) => known.get(name) ?? [])
    const [first] = owned
    if (!first) return
    const owner = this.require(first.entity)
    if (owner === EVERYBODY) return
    for (const { entity, column } of owned) {
      const needed = owned.filter((each) => each.column === column).length
      if ((mentions.get(column) ?? 0) < needed) throw new StatementUnowned(entity, column)
    }
    if (!parameters?.some((each) => String(each) === owner)) throw new StatementUnowned(first.entity, first.column)
  }

  /** Whether a statement may tell its connection something else than it was told. */
  mayChangeSettings(sql: string): boolean {
    return this.#read(sql).mayChangeSettings
  }

  #referencesOf(metadata: EntityMetadata): readonly Reference[] {
    const known = this.#references.get(metadata)
    if (known) return known
    const references = readReferences(metadata, (target) => this.columnOf(target) !== undefined)
    this.#references.set(metadata, references)
    return references
  }

  #read(sql: string): StatementNames {
    const known = this.#statements.get(sql)
    if (known) return known
    const names = readStatement(sql)
    this.#statements.set(sql, names)
    if (this.#statements.size > MAX_STATEMENTS) this.#statements.delete(this.#statements.keys().next().value as string)
    return names
  }

  #ownedTables(): ReadonlyMap<string, OwnedTable> {
    return (this.#tables ??= new Map(
      this.#source.entityMetadatas.flatMap((metadata) => {
        const column = this.columnOf(metadata)
        const table = { entity: metadata.name, column: column?.databaseName.toLowerCase() ?? '' }
        return column ? [[metadata.tableName.toLowerCase(), table] as const] : []
      }),
    ))
  }
}

function requireOwn(metadata: EntityMetadata, column: ColumnMetadata, named: unknown, owner: unknown): void {
  if (String(named) !== owner) throw new RowForeign(`${metadata.name}.${column.propertyPath}`)
}
