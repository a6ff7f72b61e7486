/** Pending migrations, run once whatever number of processes starts. */
import { MigrationExecutor, type DataSource } from 'typeorm'

import { withMigrationLock } from './migration-lock.ts'

/** Longest that another process may take for its migrations. */
const LOCK_TIMEOUT_MS = 120_000

/**
 * Runs what is pending, all or nothing where the database can (SQLite and PostgreSQL; MySQL commits each statement).
 * @returns The names of the migrations that were run.
 */
export async function runMigrations(source: DataSource, lockTimeoutMs = LOCK_TIMEOUT_MS): Promise<readonly string[]> {
  return withMigrations(
    source,
    async (executor) => {
      const done = await executor.executePendingMigrations()
      return done.map((migration) => migration.name)
    },
    lockTimeoutMs,
  )
}

/** Lets `work` run or take back migrations, while no other process does. */
export async function withMigrations<T>(
  source: DataSource,
  work: (executor: MigrationExecutor) => Promise<T>,
  lockTimeoutMs = LOCK_TIMEOUT_MS,
): Promise<T> {
  return withMigrationLock(source, lockTimeoutMs, (runner) => {
    const executor = new MigrationExecutor(source, runner)
    executor.transaction = 'all'
    return work(executor)
  })
}
