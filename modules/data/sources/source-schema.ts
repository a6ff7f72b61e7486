/** What a source is made of, by what modules, repositories and settings say: its entities, migrations and tables. */
import type { ModuleGraph } from 'tenon'
import { AUDITED, TENANT_SCOPED, type AbstractClass, type Class } from 'tenon/decorators'
import type { DataSource, EntityMetadata } from 'typeorm'

import { CreateDataHistory1783500000000 } from '../audit/create-history.ts'
import { EntityChange } from '../audit/entity-change.ts'
import type { DatabaseConfig } from '../database-config.ts'
import type { Migration } from '../migration.ts'
import { discoverMigrations } from '../migrations/discover-migrations.ts'
import { declareOwnerColumn } from '../owners/owner-column.ts'
import { RowsUnguarded } from '../owners/owner-errors.ts'
import type { RowOwners } from '../owners/row-owners.ts'
import { keepTables } from '../owners/tables-apart.ts'
import { entitiesIn, sourceOf } from './source-of.ts'
import { DEFAULT_SOURCE } from './source-settings.ts'

export interface SourceMigrations {
  readonly shared: Class<Migration>[]
  /** Those that are run for each owner by itself. */
  readonly apart: readonly Class<Migration>[]
}

export class SourceSchema {
  readonly #source: string
  readonly #graph: ModuleGraph
  readonly #config: DatabaseConfig
  readonly #owners: RowOwners | undefined

  constructor(source: string, graph: ModuleGraph, config: DatabaseConfig, owners: RowOwners | undefined) {
    this.#source = source
    this.#graph = graph
    this.#config = config
    this.#owners = owners
  }

  /** @throws `DATA_ROWS_UNGUARDED` for an entity that says its rows are to be kept apart, where nobody does. */
  entities(): Function[] {
    const entities = this.#entities()
    for (const each of entities as AbstractClass[]) {
      const property = this.#owners?.propertyOf(each)
      if (property !== undefined) declareOwnerColumn(each, property)
      else if (TENANT_SCOPED.read(each)) throw new RowsUnguarded(each.name)
    }
    return entities
  }

  /** @throws `DATA_MIGRATIONS_FOLDER_UNREADABLE` */
  async migrations(): Promise<SourceMigrations> {
    const { migrationsFolder, migrations } = this.#config
    const found = migrationsFolder === undefined ? [] : await discoverMigrations(migrationsFolder)
    const all = [...new Set([...this.#migrationsOfModules(), ...migrations, ...found])]
    const shared = all.filter((each) => !this.#owners?.migratesApart(each))
    const apart = all.filter((each) => !shared.includes(each))
    return { shared, apart: this.#keepsHistoryApart ? [...apart, CreateDataHistory1783500000000] : apart }
  }

  /** Where owners have databases: those of owners have their tables, the application's own the tables of everybody. */
  keepTables(source: DataSource, areOwned: boolean): void {
    const isOwned = ({ target }: EntityMetadata): boolean =>
      typeof target === 'function' && this.#owners?.propertyOf(target as AbstractClass) !== undefined
    const hasHistory = this.#keepsHistoryApart
    keepTables(source, (metadata) => {
      if (metadata.target === EntityChange && hasHistory) return true
      const ofOwners =
        isOwned(metadata) ||
        (metadata.tableType === 'junction' &&
          metadata.foreignKeys.some(({ referencedEntityMetadata }) => isOwned(referencedEntityMetadata)))
      return ofOwners === areOwned
    })
  }

  /** Those that modules list, those that repositories are for, and those given in the settings. */
  #entities(): Function[] {
    const declared = entitiesIn(this.#graph, this.#source)
    const all = new Set<Function>([...declared, ...this.#config.entities])
    return [...all, ...(this.#keepsHistory([...all]) ? [EntityChange] : [])]
  }

  #migrationsOfModules(): Class<Migration>[] {
    const listed = this.#graph.modules.flatMap(({ options }) => options.migrations ?? []) as Class<Migration>[]
    const own = listed.filter((each) => sourceOf(each) === this.#source)
    return this.#keepsHistory(this.#entities()) ? [...own, CreateDataHistory1783500000000] : own
  }

  /** The same where each owner has a database: the changes of its rows are kept in it. */
  get #keepsHistoryApart(): boolean {
    // Owners have databases in place of the application's own one, not of further sources.
    if (this.#source !== DEFAULT_SOURCE || !this.#owners?.databases) return false
    return this.#entities().some(
      (each) => AUDITED.read(each) && this.#owners?.propertyOf(each as AbstractClass) !== undefined,
    )
  }

  /** Changes are kept in the transaction that makes them, so each source with audited entities has a history. */
  #keepsHistory(entities: readonly Function[]): boolean {
    return this.#source !== DEFAULT_SOURCE && entities.some((each) => AUDITED.read(each))
  }
}
