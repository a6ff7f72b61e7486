/** Pending migrations, run once whatever number of processes starts. */
import { MigrationExecutor, type DataSource, type QueryRunner } from 'typeorm'
import type { Migration as TypeOrmMigration } from 'typeorm/migration/Migration.js'

import { isContract } from './migration.ts'
import { withMigrationLock } from './migration-lock.ts'
import { forgetSteps } from './migrations/journal.ts'
import { forEverybody } from './owners/acting-owner.ts'

/** Longest that another process may take for its migrations. */
const LOCK_TIMEOUT_MS = 120_000

/**
 * Runs what is pending, all or nothing where the database can (SQLite and PostgreSQL). MySQL and MariaDB
 * commit each statement: a run that was interrupted there is continued by the next one. What stands before a migration without
 * a transaction is committed before it.
 * @param withContracts - Also those that wait for the version before to be gone; in a new database they run anyway.
 * @returns The names of the migrations that were run.
 */
export async function runMigrations(
  source: DataSource,
  lockTimeoutMs = LOCK_TIMEOUT_MS,
  withContracts = false,
): Promise<readonly string[]> {
  return withMigrations(
    source,
    async (executor, runner) => {
      // In a new database no version before is running.
      executor.withContracts = withContracts || (await executor.getExecutedMigrations()).length === 0
      const names = await executor.runPending()
      await forgetSteps(runner, names)
      return names
    },
    lockTimeoutMs,
  )
}

class Executor extends MigrationExecutor {
  /** Whether those that wait for the version before to be gone are run as well. */
  withContracts = true

  /** The only ones that are looked at; `undefined`: all. */
  #among: ReadonlySet<string> | undefined

  /** @returns The names of those that were run. */
  async runPending(): Promise<readonly string[]> {
    const names: string[] = []
    for (const group of groupsOf(await this.getPendingMigrations())) {
      this.#among = new Set(group.map(({ name }) => name))
      this.transaction = isByItself(group[0]!) ? 'each' : 'all'
      const done = await this.executePendingMigrations()
      names.push(...done.map(({ name }) => name))
    }
    return names
  }

  /** Takes back the last one that was run, which has this name. */
  async undoLast(name: string): Promise<void> {
    const last = super.getMigrations().find((each) => each.name === name)
    this.transaction = last && isByItself(last) ? 'none' : 'all'
    await this.undoLastMigration()
  }

  protected override getMigrations(): TypeOrmMigration[] {
    const all = super.getMigrations().filter(({ name }) => this.#among?.has(name) ?? true)
    return this.withContracts ? all : all.filter(({ instance }) => !isContract(instance))
  }
}

/** Those that are run together, and those that are run by themselves. */
function groupsOf(migrations: readonly TypeOrmMigration[]): readonly TypeOrmMigration[][] {
  const groups: TypeOrmMigration[][] = []
  for (const each of migrations) {
    const last = groups.at(-1)
    if (last && !isByItself(each) && !isByItself(last[0]!)) last.push(each)
    else groups.push([each])
  }
  return groups
}

function isByItself({ instance }: TypeOrmMigration): boolean {
  return instance?.transaction !== undefined
}

/** Lets `work` run or take back migrations, while no other process does. */
export async function withMigrations<T>(
  source: DataSource,
  work: (executor: Executor, runner: QueryRunner) => Promise<T>,
  lockTimeoutMs = LOCK_TIMEOUT_MS,
): Promise<T> {
  return forEverybody(() =>
    withMigrationLock(source, lockTimeoutMs, (runner) => {
      const executor = new Executor(source, runner)
      executor.transaction = 'all'
      return work(executor, runner)
    }),
  )
}
