/** The migrations of the application: which there are, what they would do, and new ones from the entities. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { Injectable } from 'tenon/decorators'
import { MigrationExecutor, type DataSource } from 'typeorm'

import { MigrationDestructive, MigrationNameInvalid, MigrationsPending } from '../data-errors.ts'
import { Database } from '../database.ts'
import type { Migration } from '../migration.ts'
import { runMigrations, withMigrations } from '../run-migrations.ts'
import { diffSchema } from './diff-schema.ts'
import { lintStatements, type Finding } from './lint-statements.ts'
import { printMigration } from './print-migration.ts'

export interface MigrationState {
  readonly name: string
  /** `missing`: it was run here, and the application does not have it any more. */
  readonly state: 'done' | 'pending' | 'missing'
}

export interface PlannedMigration {
  readonly name: string
  /** What it would send, without what it only reads. */
  readonly statements: readonly string[]
  readonly findings: readonly Finding[]
}

export interface Drift {
  /** Statements that would make the database fit the entities; none when it does. */
  readonly statements: readonly string[]
  /** Data that they would lose, in words. */
  readonly losses: readonly string[]
}

export interface GenerateOptions {
  /** Lower-case words with hyphens: `add-priority`. */
  readonly name: string
  /** Made where it is missing. */
  readonly folder: string
  /** Allow changes that lose data. Default: `false`. */
  readonly destructive?: boolean
  /** When it was written: gives its place among the others. Default: now. */
  readonly at?: Date
}

export interface GeneratedMigration {
  readonly name: string
  readonly file: string
  readonly statements: readonly string[]
  readonly findings: readonly Finding[]
}

@Injectable()
export class Migrations {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /** Every migration that the application has or the database remembers, oldest first. Changes nothing. */
  async status(): Promise<readonly MigrationState[]> {
    const { source } = this.#database
    const done = new Set(await executed(source))
    const known = sorted(source).map(({ constructor: { name } }) => name)
    const missing = [...done].filter((name) => !known.includes(name))
    return [
      ...missing.map((name) => ({ name, state: 'missing' as const })),
      ...known.map((name) => ({ name, state: done.has(name) ? ('done' as const) : ('pending' as const) })),
    ]
  }

  /** What the pending migrations would send, without sending it. What they read, they read from the schema of today. */
  async plan(): Promise<readonly PlannedMigration[]> {
    const { source } = this.#database
    const pending = await this.#pending()
    const plans: PlannedMigration[] = []
    for (const migration of sorted(source).filter(({ constructor: { name } }) => pending.includes(name))) {
      const statements = await rehearse(source, migration)
      plans.push({ name: migration.constructor.name, statements, findings: lintStatements(source, statements) })
    }
    return plans
  }

  /** Runs what is pending. @returns Their names. @throws `DATA_MIGRATION_LOCK_TIMEOUT` */
  run(): Promise<readonly string[]> {
    return runMigrations(this.#database.source)
  }

  /** Takes back the last ones that were run. @returns Their names, the last one first. @throws `DATA_MIGRATION_LOCK_TIMEOUT` */
  async rollback({ steps = 1 }: { readonly steps?: number } = {}): Promise<readonly string[]> {
    const { source } = this.#database
    const undone: string[] = []
    await withMigrations(source, async (executor) => {
      const names = await executed(source, executor)
      for (const name of names.toReversed().slice(0, steps)) {
        await executor.undoLastMigration()
        undone.push(name)
      }
    })
    return undone
  }

  /** How the database differs from the entities, whatever the reason. */
  async drift(): Promise<Drift> {
    const { up, losses } = await diffSchema(this.#database.source)
    return { statements: up.map(({ sql }) => sql), losses }
  }

  /**
   * Writes a migration that makes the database fit the entities; it is run like every other.
   * @returns `undefined` when there is nothing to change.
   * @throws `DATA_MIGRATION_DESTRUCTIVE` when data would be lost and `destructive` is not set,
   * `DATA_MIGRATIONS_PENDING`, `DATA_MIGRATION_NAME_INVALID`
   */
  async generate({
    name,
    folder,
    destructive = false,
    at = new Date(),
  }: GenerateOptions): Promise<GeneratedMigration | undefined> {
    if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name)) throw new MigrationNameInvalid(name)
    const pending = await this.#pending()
    if (pending.length > 0) throw new MigrationsPending(pending)
    const { source } = this.#database
    const change = await diffSchema(source)
    if (change.up.length === 0) return undefined
    const statements = change.up.map(({ sql }) => sql)
    const findings = lintStatements(source, statements)
    const drops = findings.filter(({ isDestructive }) => isDestructive).map(({ statement }) => statement)
    const losses = change.losses.length > 0 ? change.losses : drops
    if (losses.length > 0 && !destructive) throw new MigrationDestructive(losses)
    const className = `${pascalCase(name)}${at.getTime()}`
    const file = join(folder, `${at.getTime()}-${name}.ts`)
    await mkdir(folder, { recursive: true })
    await writeFile(file, printMigration(className, change, findings), { flag: 'wx' })
    return { name: className, file, statements, findings }
  }

  async #pending(): Promise<readonly string[]> {
    return (await this.status()).filter(({ state }) => state === 'pending').map(({ name }) => name)
  }
}

function sorted(source: DataSource): Migration[] {
  const stamp = (migration: object): number => Number(migration.constructor.name.slice(-13))
  return (source.migrations as Migration[]).toSorted((one, other) => stamp(one) - stamp(other))
}

/** Names that the database remembers, in the order in which they were run. */
async function executed(source: DataSource, executor?: MigrationExecutor): Promise<readonly string[]> {
  if (executor) return (await executor.getExecutedMigrations()).map(({ name }) => name).toReversed()
  const runner = source.createQueryRunner()
  try {
    const table = source.options.migrationsTableName ?? 'migrations'
    if (!(await runner.hasTable(table))) return []
    const { driver } = source
    const rows: unknown = await runner.query(`SELECT name FROM ${driver.escape(table)} ORDER BY id`)
    return (rows as readonly { readonly name: string }[]).map(({ name }) => name)
  } finally {
    await runner.release()
  }
}

const READS = /^\s*(SELECT|PRAGMA|SHOW|EXPLAIN|WITH)\b/i

/** Runs `up` with a runner that reads, and writes down what it would write. */
async function rehearse(source: DataSource, migration: Migration): Promise<readonly string[]> {
  const runner = source.createQueryRunner()
  const statements: string[] = []
  const query = runner.query.bind(runner) as (sql: string, ...rest: unknown[]) => Promise<unknown>
  const recording = (sql: string, ...rest: unknown[]): Promise<unknown> => {
    if (READS.test(sql)) return query(sql, ...rest)
    statements.push(sql.trim())
    return Promise.resolve([])
  }
  try {
    await migration.up(Object.assign(runner, { query: recording }))
    return statements
  } finally {
    await runner.release()
  }
}

function pascalCase(name: string): string {
  return name.replaceAll(/(?:^|-)([a-z0-9])/g, (_, first: string) => first.toUpperCase())
}
