/**
 * Database servers for tests: one that runs on its standard port on this machine, with a database of its own for each
 * test file. Without one, tests are skipped; with `CI=true` they fail instead.
 */
import { randomBytes } from 'node:crypto'

import { DataSource } from 'typeorm'

import { createDataSource } from '../../../modules/data/create-data-source.ts'
import { readDatabaseUrl } from '../../../modules/data/database-url.ts'

export interface ServerDatabase extends AsyncDisposable {
  readonly url: string
}

export const SERVERS = {
  PostgreSQL: 'postgres://postgres@127.0.0.1:5432/postgres',
  MariaDB: 'mariadb://root@127.0.0.1:3306/mysql',
} as const

/** Why the server cannot be used; `undefined` when it can. */
export async function whyNot(url: string): Promise<string | undefined> {
  try {
    await using admin = await connect(url)
    await admin.query('SELECT 1')
    return undefined
  } catch (error) {
    return error instanceof AggregateError ? String(error.errors[0]) : String(error)
  }
}

/** An empty database, dropped at the end with those that stand beside it: the databases of its tenants. */
export async function createDatabase(url: string): Promise<ServerDatabase> {
  const name = `tenon_test_${randomBytes(6).toString('hex')}`
  {
    await using admin = await connect(url)
    await admin.query(`CREATE DATABASE ${name}`)
  }
  return {
    url: url.replace(/[^/]+$/, name),
    [Symbol.asyncDispose]: async () => {
      await using admin = await connect(url)
      const [table, column] = url.startsWith('postgres')
        ? ['pg_database', 'datname']
        : ['information_schema.schemata', 'schema_name']
      const rows: unknown = await admin.query(`SELECT ${column} AS name FROM ${table} WHERE ${column} LIKE '${name}%'`)
      for (const found of rows as readonly { readonly name: string }[]) {
        await admin.query(`DROP DATABASE ${admin.driver.escape(found.name)}`)
      }
    },
  }
}

async function connect(url: string): Promise<DataSource & AsyncDisposable> {
  const source = await createDataSource(readDatabaseUrl(url), {})
  await source.initialize()
  return Object.assign(source, { [Symbol.asyncDispose]: () => source.destroy() })
}
