/** The databases of owners by name: made, opened, looked for and dropped, each like the application's own. */
import type { DataSource } from 'typeorm'

import type { DatabaseTarget } from '../database-url.ts'
import { runMigrations } from '../run-migrations.ts'
import { OwnerDatabaseMissing } from './owner-errors.ts'
import { createDatabaseAt, dropDatabaseAt, isThere, isUnknownDatabase, requireFile, targetOf } from './owner-target.ts'
import type { OwnDatabases } from './row-owners.ts'

export interface OwnerSourcesOptions {
  readonly databases: OwnDatabases
  /** That of the application. */
  readonly target: () => DatabaseTarget
  readonly shared: () => DataSource
  readonly connect: (target: DatabaseTarget) => Promise<DataSource>
  /** Makes the tables, where TypeORM does; else nothing. */
  readonly synchronize: (source: DataSource) => Promise<void>
}

export class OwnerSources {
  readonly #options: OwnerSourcesOptions

  constructor(options: OwnerSourcesOptions) {
    this.#options = options
  }

  /** @throws `DATA_OWNER_DATABASE_MISSING` */
  async open(owner: string): Promise<DataSource> {
    const target = this.#targetOf(owner)
    requireFile(target, owner)
    try {
      return await this.#options.connect(target)
    } catch (error) {
      throw isUnknownDatabase((error as Error).cause ?? error) ? new OwnerDatabaseMissing(owner).causedBy(error) : error
    }
  }

  /** Makes it, unless it is there, and its tables. @returns The migrations that were run. */
  async provide(owner: string): Promise<readonly string[]> {
    const { connect, shared, synchronize } = this.#options
    const target = this.#targetOf(owner)
    await createDatabaseAt(target, shared())
    const source = await connect(target)
    try {
      await synchronize(source)
      return source.migrations.length > 0 ? await runMigrations(source) : []
    } finally {
      await source.destroy()
    }
  }

  has(owner: string): Promise<boolean> {
    return isThere(this.#targetOf(owner), this.#options.shared())
  }

  /** @param close - Called once it is known which one it is. @returns Whether it is gone. */
  async drop(owner: string, close: () => Promise<void> | undefined): Promise<boolean> {
    const target = this.#targetOf(owner)
    await close()
    await dropDatabaseAt(target, this.#options.shared())
    return !(await isThere(target, this.#options.shared()))
  }

  #targetOf(owner: string): DatabaseTarget {
    return targetOf(this.#options.target(), this.#options.databases.nameOf(owner))
  }
}
