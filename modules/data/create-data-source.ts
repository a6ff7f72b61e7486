/** The TypeORM data source for a target; the driver's package is loaded here, and only the one that is needed. */
import type { Class } from 'tenon/decorators'
import { DataSource, type DataSourceOptions } from 'typeorm'

import { AuthorSubscriber } from './audit/author-subscriber.ts'
import type { DatabaseTarget, ServerTarget } from './database-url.ts'
import { guardQueries } from './filters/guarded-builders.ts'
import type { Migration } from './migration.ts'
import { journaled } from './migrations/journal.ts'
import { hydrateReturned } from './hydrate-returned.ts'
import { ConnectionSettings } from './owners/connection-settings.ts'
import { guardRunners } from './owners/guard-runners.ts'
import { OwnedRows } from './owners/owned-rows.ts'
import { OwnerSubscriber } from './owners/owner-subscriber.ts'
import type { RowOwners } from './owners/row-owners.ts'
import { loadPackage, type OptionalPackage } from './load-package.ts'
import { tellQueries } from './query-channel.ts'
import { SqliteDataSource } from './sqlite/sqlite-data-source.ts'

/** What is the same for every database. */
export type CommonOptions = Pick<DataSourceOptions, 'entities' | 'synchronize' | 'logger' | 'logging'> & {
  readonly migrations?: Class<Migration>[]
  /** Of servers; SQLite has one connection. */
  readonly poolSize?: number
  /** Who keeps rows apart. */
  readonly owners?: RowOwners | undefined
}

const PACKAGES: Readonly<Record<ServerTarget['kind'], OptionalPackage>> = {
  postgres: { database: 'PostgreSQL', name: 'pg', version: '8.23.1' },
  mysql: { database: 'MySQL', name: 'mysql2', version: '3.24.5' },
  mariadb: { database: 'MariaDB', name: 'mysql2', version: '3.24.5' },
}

/** Not connected yet. @throws `DATA_PACKAGE_MISSING` */
export async function createDataSource(
  target: DatabaseTarget,
  { poolSize, owners, ...common }: CommonOptions,
): Promise<DataSource> {
  const subscribers = owners ? [AuthorSubscriber, OwnerSubscriber] : [AuthorSubscriber]
  if (target.kind === 'sqlite')
    return guarded(new SqliteDataSource({ ...common, subscribers, database: target.file }), owners)
  const { kind, ssl, ...server } = target
  const { migrations = [] } = common
  const driver = await loadPackage(PACKAGES[kind])
  const options = {
    ...common,
    subscribers,
    ...server,
    poolSize,
    driver,
    ...(ssl ? { ssl: { rejectUnauthorized: true } } : {}),
  }
  const source =
    kind === 'postgres'
      ? new DataSource({ ...options, type: kind, uuidExtension: 'pgcrypto', connectTimeoutMS: 10_000 })
      : new DataSource({
          ...options,
          migrations: migrations.map(journaled),
          type: kind,
          charset: 'utf8mb4',
          timezone: 'Z',
          connectTimeout: 10_000,
        })
  return guarded(hydrateReturned(source), owners)
}

function guarded<S extends DataSource>(source: S, owners: RowOwners | undefined): S {
  guardQueries(source)
  if (!owners) return tellQueries(source)
  const rows = OwnedRows.attach(source, owners)
  const settings =
    source.options.type === 'postgres' && ConnectionSettings.areNeeded(owners)
      ? ConnectionSettings.attach(source, rows)
      : undefined
  guardRunners(source, rows, settings)
  return tellQueries(source)
}
