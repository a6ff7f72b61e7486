/** The TypeORM data source for a target; the driver's package is loaded here, and only the one that is needed. */
import { DataSource, type DataSourceOptions } from 'typeorm'

import { AuthorSubscriber } from './audit/author-subscriber.ts'
import type { DatabaseTarget, ServerTarget } from './database-url.ts'
import { guardQueries } from './filters/guarded-builders.ts'
import { loadPackage, type OptionalPackage } from './load-package.ts'
import { SqliteDataSource } from './sqlite/sqlite-data-source.ts'

/** What is the same for every database. */
export type CommonOptions = Pick<
  DataSourceOptions,
  'entities' | 'migrations' | 'synchronize' | 'logger' | 'logging'
> & {
  /** Of servers; SQLite has one connection. */
  readonly poolSize?: number
}

const PACKAGES: Readonly<Record<ServerTarget['kind'], OptionalPackage>> = {
  postgres: { database: 'PostgreSQL', name: 'pg', version: '8.23.1' },
  mysql: { database: 'MySQL', name: 'mysql2', version: '3.24.5' },
  mariadb: { database: 'MariaDB', name: 'mysql2', version: '3.24.5' },
}

const subscribers = [AuthorSubscriber]

/** Not connected yet. @throws `DATA_PACKAGE_MISSING` */
export async function createDataSource(
  target: DatabaseTarget,
  { poolSize, ...common }: CommonOptions,
): Promise<DataSource> {
  if (target.kind === 'sqlite')
    return guardQueries(new SqliteDataSource({ ...common, subscribers, database: target.file }))
  const { kind, ssl, ...server } = target
  const driver = await loadPackage(PACKAGES[kind])
  const options = {
    ...common,
    subscribers,
    ...server,
    poolSize,
    driver,
    ...(ssl ? { ssl: { rejectUnauthorized: true } } : {}),
  }
  return guardQueries(
    kind === 'postgres'
      ? new DataSource({ ...options, type: kind, uuidExtension: 'pgcrypto', connectTimeoutMS: 10_000 })
      : new DataSource({ ...options, type: kind, charset: 'utf8mb4', timezone: 'Z', connectTimeout: 10_000 }),
  )
}
