/**
 * What has to be changed for the database to fit the entities. TypeORM's own comparison drops a column and makes it anew
 * where its type or length differs, and guesses what was renamed: here columns are altered in place, and only what
 * `@RenamedFrom` says is renamed.
 */
import { RENAMED_FROM } from 'tenon/decorators'
import { TableColumn, type DataSource, type EntityMetadata, type QueryRunner, type Table } from 'typeorm'
import { Query } from 'typeorm/driver/Query.js'
import type { ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js'
import { RdbmsSchemaBuilder } from 'typeorm/schema-builder/RdbmsSchemaBuilder.js'

import { missingPolicies } from '../owners/row-policies.ts'
import { SqliteDataSource } from '../sqlite/sqlite-data-source.ts'
import { changeInPlace } from './change-column.ts'
import { keepInStep, stopKeeping } from './keep-in-step.ts'
import { isSame, optional, softenChanged, softenDropped, softenNew, type Softened } from './soften-column.ts'

/** A statement and what is bound in it. */
export interface Step {
  readonly sql: string
  readonly parameters: readonly unknown[]
}

/** Data that a change loses or may lose, in words. */
export type Loss = string

export interface SchemaChange {
  /** In the order to run them. */
  readonly up: readonly Step[]
  readonly down: readonly Step[]
  readonly losses: readonly Loss[]
}

/** Changes nothing. An empty `up` means that database and entities agree. */
export async function diffSchema(source: DataSource): Promise<SchemaChange> {
  return new SchemaDiff(source).read()
}

/** The same change in two steps: what both versions of the application can live with, and what the one before cannot. */
export interface SplitChange {
  readonly expand: SchemaChange
  /** Its `up` is empty where nothing has to wait. */
  readonly contract: SchemaChange
  /** What waits, in words. */
  readonly waits: readonly string[]
}

/** Changes nothing. */
export async function splitSchema(source: DataSource): Promise<SplitChange> {
  return new SchemaDiff(source).split()
}

interface ColumnChange {
  readonly oldColumn: TableColumn
  readonly newColumn: TableColumn
}

class SchemaDiff extends RdbmsSchemaBuilder {
  readonly #source: DataSource
  readonly #losses: Loss[] = []
  /** Of a split; the whole change in one step where it is none. */
  #phase: 'expand' | 'contract' | undefined
  readonly #waits: string[] = []
  readonly #renamed: { readonly table: Table; readonly former: string; readonly name: string }[] = []

  constructor(source: DataSource) {
    super(source)
    this.#source = source
  }

  read(): Promise<SchemaChange> {
    return this.#open(async (runner) => {
      await this.#rename(runner)
      return this.#changes(runner)
    })
  }

  /** The second step is what is left when the first one is done: the runner remembers what it would have changed. */
  split(): Promise<SplitChange> {
    return this.#open(async (runner) => {
      this.#phase = 'expand'
      await this.#rename(runner)
      const expand = await this.#changes(runner)
      runner.clearSqlMemory()
      this.#phase = 'contract'
      for (const { table, former, name } of this.#renamed) {
        for (const { up, down } of stopKeeping(this.#source, table, former, name)) remember(runner, up, down)
      }
      return { expand, contract: await this.#changes(runner), waits: this.#waits }
    })
  }

  async #open<T>(work: (runner: QueryRunner) => Promise<T>): Promise<T> {
    const runner = this.#source.createQueryRunner()
    this.queryRunner = runner
    try {
      const metadatas = this.entityToSyncMetadatas
      const former = metadatas.flatMap((metadata) => formerTable(metadata) ?? [])
      this.tables = await runner.getTables([...metadatas.map((each) => this.#path(each)), ...former])
      this.views = await runner.getViews(this.viewEntityToSyncMetadatas.map((each) => this.#path(each)))
      runner.enableSqlMemory()
      this.#alterInPlace(runner)
      return await work(runner)
    } finally {
      runner.disableSqlMemory()
      await runner.release()
    }
  }

  async #changes(runner: QueryRunner): Promise<SchemaChange> {
    const losses = this.#losses.length
    await this.executeSchemaSyncOperationsInProperOrder()
    if (this.#phase !== 'contract') {
      for (const { up, down } of await missingPolicies(this.#source, runner)) remember(runner, up, down)
    }
    const { upQueries, downQueries } = runner.getMemorySql()
    return {
      up: upQueries.map(toStep),
      down: downQueries.map(toStep).toReversed(),
      losses: this.#losses.slice(losses),
    }
  }

  /** Nothing is renamed by guess. */
  protected override async renameColumns(): Promise<void> {}

  protected override async dropRemovedColumns(): Promise<void> {
    for (const [metadata, table] of this.#known()) {
      const names = new Set(columnsOf(metadata).map((column) => column.databaseName))
      for (const { name } of table.columns) {
        if (!names.has(name) && this.#phase !== 'expand' && !this.#wasRenamed(table, name)) {
          this.#losses.push(`column ${table.name}.${name} is dropped with its data`)
        }
      }
    }
    await super.dropRemovedColumns()
  }

  #path(target: EntityMetadata | Table): string {
    const { driver } = this.#source
    const { tableName, schema, database } = driver.parseTableName(target)
    return driver.buildTableName(tableName, schema, database)
  }

  #known(): (readonly [EntityMetadata, Table])[] {
    return this.entityToSyncMetadatas.flatMap((metadata) => {
      const table = this.#table(this.#path(metadata))
      return table ? [[metadata, table] as const] : []
    })
  }

  #table(path: string): Table | undefined {
    return this.tables.find((table) => this.#path(table) === path)
  }

  async #rename(runner: QueryRunner): Promise<void> {
    for (const metadata of this.entityToSyncMetadatas) {
      const former = formerTable(metadata)
      const old = former === undefined ? undefined : this.#formerTable(former)
      if (!old || this.#table(this.#path(metadata))) continue
      const path = old.name.split('.').with(-1, metadata.tableName).join('.')
      await runner.renameTable(old, metadata.tableName)
      // The runner writes the default schema in front, where loaded tables have none.
      old.name = path
    }
    for (const [metadata, table] of this.#known()) {
      for (const column of columnsOf(metadata)) {
        const former = formerColumn(column)
        const isThere = table.columns.some(({ name }) => name === column.databaseName)
        const old = table.columns.find(({ name }) => name === former)
        if (former === undefined || !old || isThere) continue
        if (this.#phase !== 'expand' || old.isPrimary) await runner.renameColumn(table, former, column.databaseName)
        else await this.#addBeside(runner, table, old, column)
      }
    }
  }

  /** The new name beside the old one, both kept alike. */
  async #addBeside(runner: QueryRunner, table: Table, old: TableColumn, column: ColumnMetadata): Promise<void> {
    const { name: former } = old
    const [options] = this.metadataColumnsToTableColumnOptions([column])
    const added = optional(new TableColumn(options))
    // What the version before leaves out, its own default fills.
    added.default = undefined
    await runner.addColumn(table, added)
    if (!old.isNullable) await this.#changeTo(runner, table, old, optional(old))
    const { name } = added
    for (const { up, down } of keepInStep(this.#source, table, former, name)) remember(runner, up, down)
    this.#renamed.push({ table, former, name })
    this.#waits.push(`${table.name}.${former} is replaced by ${name}`)
  }

  async #changeTo(runner: QueryRunner, table: Table, old: TableColumn, next: TableColumn): Promise<void> {
    await runner.changeColumn(table, old, next)
    noteState(table, next)
  }

  #wasRenamed(table: Table, column: string): boolean {
    return this.#renamed.some((each) => each.table === table && (each.former === column || each.name === column))
  }

  /** Puts what both versions can live with in the place of what the runner would do. */
  #soften(runner: QueryRunner): void {
    const addColumns = runner.addColumns.bind(runner)
    const changeColumns = runner.changeColumns.bind(runner)
    const dropColumns = runner.dropColumns.bind(runner)
    const waits = (table: Table, { waits: what }: Softened): void => {
      if (what !== undefined) this.#waits.push(`${table.name}.${what}`)
    }
    runner.addColumns = async (table, columns) => {
      if (this.#phase !== 'expand') return addColumns(table, columns)
      const softened = columns.map((column) => softenNew(column))
      for (const each of softened) waits(table as Table, each)
      await addColumns(
        table,
        softened.map(({ column }) => column),
      )
    }
    runner.changeColumns = async (table, changes) => {
      if (this.#phase !== 'expand') return changeColumns(table, changes)
      const left = changes
        .filter(({ oldColumn }) => !this.#wasRenamed(table as Table, oldColumn.name))
        .map(({ oldColumn, newColumn }) => {
          const softened = softenChanged(oldColumn, newColumn)
          waits(table as Table, softened)
          return { oldColumn, newColumn: softened.column }
        })
        .filter(({ oldColumn, newColumn }) => !isSame(oldColumn, newColumn))
      if (left.length > 0) await changeColumns(table, left)
      for (const { newColumn } of left) noteState(table as Table, newColumn)
    }
    runner.dropColumns = async (table, columns) => {
      if (this.#phase !== 'expand') return dropColumns(table, columns)
      for (const column of columns as TableColumn[]) {
        if (this.#wasRenamed(table as Table, column.name)) continue
        const softened = softenDropped(column)
        waits(table as Table, softened)
        if (softened.column !== column) await this.#changeTo(runner, table as Table, column, softened.column)
      }
    }
  }

  #formerTable(name: string): Table | undefined {
    return this.tables.find((table) => table.name === name || table.name.endsWith(`.${name}`))
  }

  /** Puts our way of changing a column before the runner's. */
  #alterInPlace(runner: QueryRunner): void {
    const changeColumns = runner.changeColumns.bind(runner)
    const changeColumn = runner.changeColumn.bind(runner)
    runner.changeColumns = async (table, changes) => {
      for (const change of changes) {
        this.#noteLoss(table as Table, change)
        this.#fillEmpty(runner, table as Table, change)
        await this.#dropUnique(runner, table as Table, change)
      }
      await changeColumns(table, changes)
    }
    runner.changeColumn = async (table, old, next) => {
      if (!(old instanceof TableColumn)) return changeColumn(table, old, next)
      const { steps, changed } = changeInPlace(this.#source, runner, table as Table, old, next)
      for (const { up, down } of steps) remember(runner, up, down)
      return changeColumn(table, changed, next)
    }
    this.#soften(runner)
  }

  /** Columns that must have a value from now on get their default where they have none. */
  #fillEmpty(runner: QueryRunner, table: Table, { oldColumn, newColumn }: ColumnChange): void {
    const { default: value } = newColumn as { readonly default?: unknown }
    if (!oldColumn.isNullable || newColumn.isNullable || typeof value !== 'string') return
    const { driver } = this.#source
    const name = driver.escape(newColumn.name)
    const path = table.name
      .split('.')
      .map((part) => driver.escape(part))
      .join('.')
    remember(runner, `UPDATE ${path} SET ${name} = ${value} WHERE ${name} IS NULL`, undefined)
  }

  /** SQLite's runner keeps the constraint of a column that is no longer unique. */
  async #dropUnique(runner: QueryRunner, table: Table, { oldColumn, newColumn }: ColumnChange): Promise<void> {
    if (!(this.#source instanceof SqliteDataSource) || !oldColumn.isUnique || newColumn.isUnique) return
    const unique = table.uniques.find(
      ({ columnNames }) => columnNames.length === 1 && columnNames[0] === oldColumn.name,
    )
    if (unique) await runner.dropUniqueConstraint(table, unique)
  }

  #noteLoss(table: Table, { oldColumn, newColumn }: ColumnChange): void {
    const column = `${table.name}.${newColumn.name}`
    const longest = Math.max(0, ...(oldColumn.enum ?? []).map((value) => value.length))
    const [was, is] = [longest || Number(oldColumn.length), Number(newColumn.length)]
    if (is > 0 && (was > is || (was === 0 && oldColumn.type === newColumn.type))) {
      this.#losses.push(`column ${column} becomes shorter, and longer values do not fit`)
    }
    const gone = (oldColumn.enum ?? []).filter((value) => newColumn.enum && !newColumn.enum.includes(value))
    if (gone.length > 0) this.#losses.push(`column ${column} can no longer hold ${gone.join(', ')}`)
  }
}

/** Not all of TypeORM's runners remember what a column has become; the second step builds on it. */
function noteState(table: Table, column: TableColumn): void {
  const known = table.columns.find(({ name }) => name === column.name)
  const { type, length, precision, scale, isNullable, default: value } = column
  if (known)
    Object.assign(known, { type, length, precision, scale, isNullable, default: value as unknown, enum: column.enum })
}

function columnsOf(metadata: EntityMetadata): ColumnMetadata[] {
  return metadata.columns.filter((column) => !column.isVirtualProperty)
}

function formerTable(metadata: EntityMetadata): string | undefined {
  return typeof metadata.target === 'function' ? RENAMED_FROM.writtenHere(metadata.target)?.value : undefined
}

function formerColumn(column: ColumnMetadata): string | undefined {
  // The column of a relation has the decorator on the relation's property, which has the same name.
  const owner: unknown = column.embeddedMetadata ? column.embeddedMetadata.type : column.target
  return typeof owner === 'function' ? RENAMED_FROM.read(owner, column.propertyName) : undefined
}

function remember(runner: QueryRunner, up: string, down: string | undefined): void {
  const memory = runner.getMemorySql()
  memory.upQueries.push(new Query(up))
  if (down !== undefined) memory.downQueries.push(new Query(down))
}

function toStep({ query, parameters }: Query): Step {
  return { sql: query.trim(), parameters: parameters ?? [] }
}
