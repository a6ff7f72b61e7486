/** One process migrates at a time: the others wait, and then find nothing left to do. */
import { setTimeout as sleep } from 'node:timers/promises'

import type { DataSource, QueryRunner } from 'typeorm'

import { MigrationLockTimeout } from './migrations/migration-errors.ts'
import { isBusy } from './sqlite/sqlite-failure.ts'
import { SqliteDataSource } from './sqlite/sqlite-data-source.ts'

/** Any number will do, as long as every process uses the same. */
const POSTGRES_LOCK = 7_361_054_210
const MYSQL_LOCK = 'tenon.migrations'
const PAUSE_MS = 100

/**
 * Runs `migrate` while no other process runs theirs.
 * @throws `DATA_MIGRATION_LOCK_TIMEOUT` when another process does not finish in time.
 */
export async function withMigrationLock<T>(
  source: DataSource,
  timeoutMs: number,
  migrate: (runner: QueryRunner) => Promise<T>,
): Promise<T> {
  const runner = source.createQueryRunner()
  try {
    if (source instanceof SqliteDataSource) return await inWriteTransaction(runner, timeoutMs, migrate)
    if (source.options.type === 'postgres') return await withPostgresLock(runner, timeoutMs, migrate)
    return await withMysqlLock(runner, timeoutMs, migrate)
  } finally {
    await runner.release()
  }
}

/** SQLite has no lock but its write lock; holding it, all migrations are one transaction, so none can be half done. */
async function inWriteTransaction<T>(
  runner: QueryRunner,
  timeoutMs: number,
  migrate: (runner: QueryRunner) => Promise<T>,
): Promise<T> {
  await runner.beforeMigration()
  await until(timeoutMs, () => begins(runner))
  const result = await migrate(runner)
  await runner.commitTransaction()
  await runner.afterMigration()
  return result
}

async function begins(runner: QueryRunner): Promise<boolean> {
  try {
    await runner.startTransaction()
    return true
  } catch (error) {
    if (isBusy(error)) return false
    throw error
  }
}

async function withPostgresLock<T>(
  runner: QueryRunner,
  timeoutMs: number,
  migrate: (runner: QueryRunner) => Promise<T>,
): Promise<T> {
  await until(timeoutMs, async () => {
    const [row] = (await runner.query(`SELECT pg_try_advisory_lock($1) AS locked`, [POSTGRES_LOCK])) as [
      { locked: boolean },
    ]
    return row.locked
  })
  try {
    return await migrate(runner)
  } finally {
    await runner.query('SELECT pg_advisory_unlock($1)', [POSTGRES_LOCK])
  }
}

async function withMysqlLock<T>(
  runner: QueryRunner,
  timeoutMs: number,
  migrate: (runner: QueryRunner) => Promise<T>,
): Promise<T> {
  const lock = `CONCAT(DATABASE(), '.', ?)`
  await until(timeoutMs, async () => {
    const [row] = (await runner.query(`SELECT GET_LOCK(${lock}, 0) AS locked`, [MYSQL_LOCK])) as [{ locked: unknown }]
    return Number(row.locked) === 1
  })
  try {
    return await migrate(runner)
  } finally {
    await runner.query(`SELECT RELEASE_LOCK(${lock})`, [MYSQL_LOCK])
  }
}

async function until(timeoutMs: number, isDone: () => Promise<boolean>): Promise<void> {
  const giveUpAt = performance.now() + timeoutMs
  while (!(await isDone())) {
    if (performance.now() > giveUpAt) throw new MigrationLockTimeout(timeoutMs)
    await sleep(PAUSE_MS)
  }
}
