/** The migrations of the application: which there are, what they would do, and new ones from the entities. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { Injectable } from 'tenon/decorators'
import { MigrationExecutor, type DataSource } from 'typeorm'

import { MigrationDestructive, MigrationNameInvalid, MigrationsPending } from './migration-errors.ts'
import { Database } from '../database.ts'
import { isContract, type Migration } from '../migration.ts'
import { forEverybody } from '../owners/acting-owner.ts'
import { migrateApart } from '../owners/migrate-apart.ts'
import { runMigrations, withMigrations } from '../run-migrations.ts'
import { diffSchema, splitSchema, type SchemaChange } from './diff-schema.ts'
import { forgetSteps, interruptions, rehearsing, type Interruption } from './journal.ts'
import { lintStatements, type Finding } from './lint-statements.ts'
import { printMigration } from './print-migration.ts'

export interface MigrationState {
  readonly name: string
  /**
   * `missing`: it was run here, and the application does not have it any more. `interrupted`: it is half done, and the
   * next `run` (or `rollback`, when it was being taken back) does the rest. `waiting`: it would break the version of the
   * application before this one, and is run when it is said that none is left.
   */
  readonly state: 'done' | 'pending' | 'waiting' | 'missing' | 'interrupted'
  /** Where it stopped, for `interrupted`. */
  readonly interruption?: Interruption
}

export interface PlannedMigration {
  readonly name: string
  /** What it would send, without what it only reads. */
  readonly statements: readonly string[]
  readonly findings: readonly Finding[]
  /** Why nothing can be said of it yet: it reads what an earlier pending one has yet to make. */
  readonly unknown?: string
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
  /**
   * Write what would break the running version of the application as a migration of its own, which waits until it is said that
   * this version is gone. Nothing is lost before that, so `destructive` is not asked. Default: `false`.
   */
  readonly split?: boolean
  /** When it was written: gives its place among the others. Default: now. */
  readonly at?: Date
}

export interface GeneratedMigration {
  readonly name: string
  readonly file: string
  readonly statements: readonly string[]
  readonly findings: readonly Finding[]
  /** The second half, where there is one. */
  readonly contract?: ContractMigration
}

export interface ContractMigration extends Omit<GeneratedMigration, 'contract'> {
  /** Why it is not run at once, in words. */
  readonly waits: readonly string[]
}

@Injectable()
export class Migrations {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /**
   * Those of another source.
   * @param source - As `@DataSource` has it. Default: the application's own database.
   * @throws `DATA_SOURCE_UNKNOWN`
   */
  of(source?: string): Migrations {
    return new Migrations(this.#database.named(source))
  }

  /** Every migration that the application has or the database remembers, oldest first. Changes nothing. */
  async status(): Promise<readonly MigrationState[]> {
    const { source } = this.#database
    const done = new Set(await executed(source))
    const migrations = sorted(source)
    const known = migrations.map(({ constructor: { name } }) => name)
    const contracts = new Set(migrations.filter(isContract).map(({ constructor: { name } }) => name))
    const missing = [...done].filter((name) => !known.includes(name))
    const interrupted = await interruptions(source)
    const stateOf = (name: string): MigrationState => {
      const interruption = interrupted.get(name)
      // One that ended before its steps were forgotten is done.
      const isHalfDone = interruption !== undefined && done.has(name) === (interruption.direction === 'down')
      if (isHalfDone) return { name, state: 'interrupted', interruption }
      if (done.has(name)) return { name, state: 'done' }
      // A new database has no version before.
      return { name, state: contracts.has(name) && done.size > 0 ? 'waiting' : 'pending' }
    }
    return [...missing.map((name) => ({ name, state: 'missing' as const })), ...known.map(stateOf)]
  }

  /** What the pending and waiting migrations would send, without sending it. What they read, they read from the schema of today. */
  async plan(): Promise<readonly PlannedMigration[]> {
    const { source } = this.#database
    const pending = await this.#pending()
    const plans: PlannedMigration[] = []
    for (const migration of sorted(source).filter(({ constructor: { name } }) => pending.includes(name))) {
      const { name } = migration.constructor
      try {
        const statements = await rehearse(source, migration)
        plans.push({ name, statements, findings: lintStatements(source, statements) })
      } catch (error) {
        const [first] = plans
        if (!first) throw error
        const reason = error instanceof Error ? error.message : String(error)
        plans.push({ name, statements: [], findings: [], unknown: `it builds on ${first.name}: ${reason}` })
      }
    }
    return plans
  }

  /**
   * Runs what is pending.
   * @param contract - Also what is waiting: no version of the application before this one runs any more. Default: as
   *   `DATABASE_CONTRACT` says.
   * @returns Their names.
   * @throws `DATA_MIGRATION_LOCK_TIMEOUT`
   */
  run({ contract = this.#database.contracts }: { readonly contract?: boolean } = {}): Promise<readonly string[]> {
    return runMigrations(this.#database.source, undefined, contract)
  }

  /**
   * Runs what is pending of the tables that owners have for themselves, for whom the running code acts for, in its transaction.
   * @throws `DATA_TRANSACTION_MISSING`
   */
  runApart(): Promise<readonly string[]> {
    return migrateApart(this.#database.source, this.#database.apart)
  }

  /** Takes back the last ones that were run. @returns Their names, the last one first. @throws `DATA_MIGRATION_LOCK_TIMEOUT` */
  async rollback({ steps = 1 }: { readonly steps?: number } = {}): Promise<readonly string[]> {
    const { source } = this.#database
    const undone: string[] = []
    await withMigrations(source, async (executor, runner) => {
      const names = await executed(source, executor)
      for (const name of names.toReversed().slice(0, steps)) {
        await executor.undoLast(name)
        await forgetSteps(runner, [name])
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
  async generate(options: GenerateOptions): Promise<GeneratedMigration | undefined> {
    const { name, folder, destructive = false, split = false, at = new Date() } = options
    if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name)) throw new MigrationNameInvalid(name)
    const pending = await this.#pending()
    if (pending.length > 0) throw new MigrationsPending(pending)
    const { source } = this.#database
    await mkdir(folder, { recursive: true })
    if (split) {
      const { expand, contract, waits } = await splitSchema(source)
      if (contract.up.length > 0) {
        const first = expand.up.length === 0 ? undefined : await this.#write(`expand-${name}`, folder, at, expand)
        const later = first ? new Date(at.getTime() + 1) : at
        const second = { ...(await this.#write(`contract-${name}`, folder, later, contract, waits)), waits }
        return { ...(first ?? second), contract: second }
      }
    }
    const change = await diffSchema(source)
    if (change.up.length === 0) return undefined
    const statements = change.up.map(({ sql }) => sql)
    const drops = lintStatements(source, statements).filter(({ isDestructive }) => isDestructive)
    const losses = change.losses.length > 0 ? change.losses : drops.map(({ statement }) => statement)
    if (losses.length > 0 && !destructive) throw new MigrationDestructive(losses)
    return this.#write(name, folder, at, change)
  }

  async #write(
    name: string,
    folder: string,
    at: Date,
    change: SchemaChange,
    waits?: readonly string[],
  ): Promise<GeneratedMigration> {
    const statements = change.up.map(({ sql }) => sql)
    const findings = lintStatements(this.#database.source, statements)
    const className = `${pascalCase(name)}${at.getTime()}`
    const file = join(folder, `${at.getTime()}-${name}.ts`)
    await writeFile(file, printMigration(className, change, findings, waits ? { waits } : {}), { flag: 'wx' })
    return { name: className, file, statements, findings }
  }

  async #pending(): Promise<readonly string[]> {
    const states = await this.status()
    return states.filter(({ state }) => state !== 'done' && state !== 'missing').map(({ name }) => name)
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
    await forEverybody(() => migration.up(rehearsing(Object.assign(runner, { query: recording }))))
    return statements
  } finally {
    await runner.release()
  }
}

function pascalCase(name: string): string {
  return name.replaceAll(/(?:^|-)([a-z0-9])/g, (_, first: string) => first.toUpperCase())
}
