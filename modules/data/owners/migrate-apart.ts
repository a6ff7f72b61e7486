/**
 * Migrations of tables that each owner has for itself, run where the connection of the running code looks for tables: all
 * or nothing for one owner, and remembered in a table beside them. They are part of the transaction of the running code: what
 * it has made is seen by nobody else yet.
 */
import type { Class } from 'tenon/decorators'
import type { DataSource, QueryRunner } from 'typeorm'

import { TransactionMissing } from '../transactions/transaction-errors.ts'
import type { Migration } from '../migration.ts'
import { currentScope } from '../transactions/current-scope.ts'
import { forEverybody } from './acting-owner.ts'

const TABLE = 'tenon_migrations'

/**
 * @returns The names of those that were pending, oldest first.
 * @throws `DATA_TRANSACTION_MISSING`
 */
export async function migrateApart(
  source: DataSource,
  migrations: readonly Class<Migration>[],
): Promise<readonly string[]> {
  const scope = currentScope(source)
  if (!scope || scope.hasEnded) throw new TransactionMissing()
  const ordered = migrations.toSorted((one, other) => stamp(one) - stamp(other))
  return forEverybody(() => runPending(scope.transaction.manager.queryRunner as QueryRunner, ordered))
}

async function runPending(runner: QueryRunner, ordered: readonly Class<Migration>[]): Promise<readonly string[]> {
  // Two processes that migrate the same owner: the second waits, and finds nothing to do.
  await runner.query('SELECT pg_advisory_xact_lock(hashtext(current_schema()))')
  await runner.query(`CREATE TABLE IF NOT EXISTS ${TABLE} (name varchar(200) PRIMARY KEY)`)
  const rows = (await runner.query(`SELECT name FROM ${TABLE}`)) as readonly { readonly name: string }[]
  const done = new Set(rows.map(({ name }) => name))
  const pending = ordered.filter(({ name }) => !done.has(name))
  for (const migration of pending) {
    await new migration().up(runner)
    await runner.query(`INSERT INTO ${TABLE} (name) VALUES ($1)`, [migration.name])
  }
  return pending.map(({ name }) => name)
}

function stamp({ name }: Class): number {
  return Number(name.slice(-13))
}
