/** A PostgreSQL database whose owner is an ordinary user: policies do not hold for superusers. */
import { randomBytes } from 'node:crypto'

import { createDataSource } from '../../../modules/data/create-data-source.ts'
import { readDatabaseUrl } from '../../../modules/data/database-url.ts'
import { createDatabase, SERVERS, whyNot } from '../data/servers.ts'

/** Describes the suite where PostgreSQL runs; with `CI=true` it fails where it does not. */
export async function onPostgres(title: string): Promise<(suite: () => void) => void> {
  const missing = await whyNot(SERVERS.PostgreSQL)
  const run = missing === undefined || process.env['CI'] === 'true' ? describe : describe.skip
  return (suite) => run(`${title}${missing === undefined ? '' : ` (not there: ${missing})`}`, suite)
}

/**
 * @param rights - `CREATEDB` for a user who makes databases for tenants.
 * @param role - Which the user may take on.
 */
export async function createOrdinaryDatabase(
  rights: '' | 'CREATEDB' = '',
  role?: string,
): Promise<{ readonly url: string } & AsyncDisposable> {
  const user = `tenon_user_${randomBytes(6).toString('hex')}`
  const database = await createDatabase(SERVERS.PostgreSQL)
  const name = database.url.slice(database.url.lastIndexOf('/') + 1)
  await administer(`CREATE ROLE ${user} LOGIN NOSUPERUSER NOBYPASSRLS ${rights}`)
  if (role !== undefined) await administer(`GRANT ${role} TO ${user}`)
  await administer(`ALTER DATABASE ${name} OWNER TO ${user}`)
  return {
    url: database.url.replace('postgres@', `${user}@`),
    [Symbol.asyncDispose]: async () => {
      await database[Symbol.asyncDispose]()
      await administer(`DROP ROLE ${user}`)
    },
  }
}

async function administer(sql: string): Promise<void> {
  const source = await createDataSource(readDatabaseUrl(SERVERS.PostgreSQL), {})
  await source.initialize()
  try {
    await source.query(sql)
  } finally {
    await source.destroy()
  }
}
