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

import { SqliteDataSource } from '../sqlite/sqlite-data-source.ts'
import { changeInPlace } from './change-column.ts'

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

interface ColumnChange {
  readonly oldColumn: TableColumn
  readonly newColumn: TableColumn
}

class SchemaDiff extends RdbmsSchemaBuilder {
  readonly #source: DataSource
  readonly #losses: Loss[] = []

  constructor(source: DataSource) {
    super(source)
    this.#source = source
  }

  async read(): Promise<SchemaChange> {
    const runner = this.#source.createQueryRunner()
    this.queryRunner = runner
    try {
      const metadatas = this.entityToSyncMetadatas
      const former = metadatas.flatMap((metadata) => formerTable(metadata) ?? [])
      this.tables = await runner.getTables([...metadatas.map((each) => this.#path(each)), ...former])
      this.views = await runner.getViews(this.viewEntityToSyncMetadatas.map((each) => this.#path(each)))
      runner.enableSqlMemory()
      this.#alterInPlace(runner)
      await this.#rename(runner)
      await this.executeSchemaSyncOperationsInProperOrder()
      const { upQueries, downQueries } = runner.getMemorySql()
      return { up: upQueries.map(toStep), down: downQueries.map(toStep).toReversed(), losses: this.#losses }
    } finally {
      runner.disableSqlMemory()
      await runner.release()
    }
  }

  /** Nothing is renamed by guess. */
  protected override async renameColumns(): Promise<void> {}

  protected override async dropRemovedColumns(): Promise<void> {
    for (const [metadata, table] of this.#known()) {
      const names = new Set(columnsOf(metadata).map((column) => column.databaseName))
      for (const { name } of table.columns) {
        if (!names.has(name)) this.#losses.push(`column ${table.name}.${name} is dropped with its data`)
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
        if (former !== undefined && old && !isThere) await runner.renameColumn(table, former, column.databaseName)
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
