/**
 * What has to be changed for the database to fit the entities. TypeORM's own comparison drops a column and makes it anew
 * where its type or length differs, and guesses what was renamed: here columns are altered in place, and only what
 * `@RenamedFrom` says is renamed.
 */
import type { DataSource, EntityMetadata, QueryRunner, Table } from 'typeorm'
import type { ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js'
import { RdbmsSchemaBuilder } from 'typeorm/schema-builder/RdbmsSchemaBuilder.js'

import { missingPolicies } from '../owners/row-policies.ts'
import { alterInPlace, type Loss } from './alter-in-place.ts'
import { formerColumn, formerTable } from './former-names.ts'
import { remember, remembered, type Step } from './remembered.ts'
import { TwoSteps } from './two-steps.ts'

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

class SchemaDiff extends RdbmsSchemaBuilder {
  readonly #source: DataSource
  readonly #losses: Loss[] = []
  /** Of a split; the whole change is made in one step where it is none. */
  #steps: TwoSteps | undefined

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

  split(): Promise<SplitChange> {
    return this.#open(async (runner) => {
      const steps = (this.#steps = new TwoSteps(this.#source, runner))
      steps.soften()
      await this.#rename(runner)
      const expand = await this.#changes(runner)
      steps.contract()
      return { expand, contract: await this.#changes(runner), waits: steps.waits }
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
      alterInPlace(this.#source, runner, this.#losses)
      return await work(runner)
    } finally {
      runner.disableSqlMemory()
      await runner.release()
    }
  }

  async #changes(runner: QueryRunner): Promise<SchemaChange> {
    const losses = this.#losses.length
    await this.executeSchemaSyncOperationsInProperOrder()
    if (this.#steps?.phase !== 'contract') {
      for (const { up, down } of await missingPolicies(this.#source, runner)) remember(runner, up, down)
    }
    return { ...remembered(runner), losses: this.#losses.slice(losses) }
  }

  /** Nothing is renamed by guess. */
  protected override async renameColumns(): Promise<void> {}

  protected override async dropRemovedColumns(): Promise<void> {
    for (const [metadata, table] of this.#known()) {
      const names = new Set(columnsOf(metadata).map((column) => column.databaseName))
      for (const { name } of table.columns) {
        if (!names.has(name) && this.#steps?.phase !== 'expand' && !this.#steps?.wasRenamed(table, name)) {
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
        if (!this.#steps || old.isPrimary) await runner.renameColumn(table, former, column.databaseName)
        else await this.#steps.addBeside(table, old, this.metadataColumnsToTableColumnOptions([column])[0]!)
      }
    }
  }

  #formerTable(name: string): Table | undefined {
    return this.tables.find((table) => table.name === name || table.name.endsWith(`.${name}`))
  }
}

function columnsOf(metadata: EntityMetadata): ColumnMetadata[] {
  return metadata.columns.filter((column) => !column.isVirtualProperty)
}
