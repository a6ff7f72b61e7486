/**
 * MySQL and MariaDB commit each change of the schema by itself, so a migration that is interrupted is half done. There,
 * every statement of a migration is written down with what became of it; the next run leaves out what was done.
 */
import { createHash } from 'node:crypto'

import type { Class } from 'tenon/decorators'
import type { DataSource, QueryRunner } from 'typeorm'

import type { Migration } from '../migration.ts'

const TABLE = 'tenon_migration_steps'

export type Direction = 'up' | 'down'

/** How far an interrupted migration came. */
export interface Interruption {
  readonly name: string
  readonly direction: Direction
  /** Statements that were run in full. */
  readonly statementsDone: number
  /** The one that was begun and may or may not have been run; none when it stopped between two. */
  readonly stoppedIn: string | undefined
}

interface Step {
  readonly name: string
  readonly direction: Direction
  readonly position: number
  readonly hash: string
  readonly statement: string
  readonly isDone: boolean
}

type Query = (sql: string, ...rest: unknown[]) => Promise<unknown>

const READS = /^\s*(SELECT|SHOW|EXPLAIN|WITH|DESC)\b/i
const CHANGES_ROWS = /^\s*(INSERT|UPDATE|DELETE|REPLACE)\b/i

/** What the server says when a statement that was interrupted had been run after all: there already, or gone already. */
const DONE_ALREADY: ReadonlySet<unknown> = new Set([
  1050, // table exists
  1051, // unknown table
  1060, // duplicate column
  1061, // duplicate key
  1091, // cannot drop, does not exist
  1826, // duplicate foreign key
])

const REHEARSALS = new WeakSet<QueryRunner>()

/** Says that what this runner is given is not sent. */
export function rehearsing(runner: QueryRunner): QueryRunner {
  REHEARSALS.add(runner)
  return runner
}

/** The same migration, under the same name, keeping a journal. */
export function journaled(type: Class<Migration>): Class<Migration> {
  const journaledType = class extends (type as new () => Migration) {
    override up(runner: QueryRunner): Promise<unknown> {
      return keepJournal(runner, type.name, 'up', () => super.up(runner))
    }

    override down(runner: QueryRunner): Promise<unknown> {
      return keepJournal(runner, type.name, 'down', () => super.down(runner))
    }
  }
  // TypeORM knows migrations by the names of their classes.
  Object.defineProperty(journaledType, 'name', { value: type.name })
  return journaledType
}

/** Migrations that were interrupted, by name. */
export async function interruptions(source: DataSource): Promise<ReadonlyMap<string, Interruption>> {
  if (!keepsJournal(source)) return new Map()
  const runner = source.createQueryRunner()
  try {
    if (!(await runner.hasTable(TABLE))) return new Map()
    const steps = await readSteps(runner)
    return new Map(
      [...Map.groupBy(steps, ({ name }) => name)].map(([name, own]) => [
        name,
        {
          name,
          direction: own[0]!.direction,
          statementsDone: own.filter(({ isDone }) => isDone).length,
          stoppedIn: own.find(({ isDone }) => !isDone)?.statement,
        },
      ]),
    )
  } finally {
    await runner.release()
  }
}

/** Forgets the steps of a migration that is over. */
export async function forgetSteps(runner: QueryRunner, names: readonly string[]): Promise<void> {
  if (!keepsJournal(runner.dataSource) || !(await runner.hasTable(TABLE))) return
  for (const name of names) await runner.query(`DELETE FROM ${TABLE} WHERE name = ?`, [name])
}

export function keepsJournal({ options: { type } }: DataSource): boolean {
  return type === 'mysql' || type === 'mariadb'
}

async function keepJournal(
  runner: QueryRunner,
  name: string,
  direction: Direction,
  run: () => Promise<unknown>,
): Promise<void> {
  // A rehearsal runs nothing, so nothing is to be remembered.
  if (REHEARSALS.has(runner)) return void (await run())
  const own = Object.getOwnPropertyDescriptor(runner, 'query')
  const query = runner.query.bind(runner) as Query
  await query(
    `CREATE TABLE IF NOT EXISTS ${TABLE} (name VARCHAR(255) NOT NULL, direction VARCHAR(4) NOT NULL,
      position INT NOT NULL, hash CHAR(64) NOT NULL, statement MEDIUMTEXT NOT NULL, done BOOLEAN NOT NULL,
      PRIMARY KEY (name, position))`,
  )
  const journal = new Journal(query, name, direction, await readSteps(runner, name))
  try {
    Object.assign(runner, { query: journal.query })
    await run()
  } finally {
    Reflect.deleteProperty(runner, 'query')
    if (own) Object.defineProperty(runner, 'query', own)
  }
}

async function readSteps(runner: QueryRunner, name?: string): Promise<readonly Step[]> {
  const rows = (await runner.query(
    `SELECT name, direction, position, hash, statement, done FROM ${TABLE} ${name === undefined ? '' : 'WHERE name = ?'} ORDER BY name, position`,
    name === undefined ? [] : [name],
  )) as readonly (Omit<Step, 'isDone'> & { readonly done: unknown })[]
  return rows.map(({ done, ...step }) => ({ ...step, isDone: Number(done) === 1 }))
}

/** Stands in for a runner's `query` while one migration runs. */
class Journal {
  readonly #query: Query
  readonly #name: string
  readonly #direction: Direction
  /** Those of an interrupted run, in their order. */
  readonly #earlier: Step[]
  #position: number

  constructor(query: Query, name: string, direction: Direction, earlier: readonly Step[]) {
    this.#query = query
    this.#name = name
    this.#direction = direction
    this.#earlier = earlier.filter((step) => step.direction === direction)
    this.#position = earlier.length
  }

  readonly query: Query = async (sql, ...rest) => {
    if (READS.test(sql)) return this.#query(sql, ...rest)
    const hash = hashOf(sql, rest)
    const index = this.#earlier.findIndex((step) => step.hash === hash)
    const [earlier] = index === -1 ? [] : this.#earlier.splice(index, 1)
    if (earlier?.isDone) return []
    if (CHANGES_ROWS.test(sql)) return this.#changeRows(sql, rest, hash)
    return this.#changeSchema(sql, rest, hash, earlier?.position)
  }

  /** With its note in one transaction: both, or neither. */
  async #changeRows(sql: string, rest: readonly unknown[], hash: string): Promise<unknown> {
    await this.#query('START TRANSACTION')
    const result = await this.#query(sql, ...rest)
    await this.#note(sql, hash, true)
    await this.#query('COMMIT')
    return result
  }

  /** @param begun - Where its note stands, when an earlier run was interrupted in it. */
  async #changeSchema(
    sql: string,
    rest: readonly unknown[],
    hash: string,
    begun: number | undefined,
  ): Promise<unknown> {
    const position = begun ?? (await this.#note(sql, hash, false))
    const result = await this.#query(sql, ...rest).catch((error: unknown) => {
      if (begun !== undefined && DONE_ALREADY.has((error as { errno?: unknown }).errno)) return []
      throw error
    })
    await this.#query(`UPDATE ${TABLE} SET done = TRUE WHERE name = ? AND position = ?`, [this.#name, position])
    return result
  }

  async #note(sql: string, hash: string, isDone: boolean): Promise<number> {
    const position = this.#position++
    await this.#query(
      `INSERT INTO ${TABLE} (name, direction, position, hash, statement, done) VALUES (?, ?, ?, ?, ?, ?)`,
      [this.#name, this.#direction, position, hash, sql.trim(), isDone],
    )
    return position
  }
}

function hashOf(sql: string, rest: readonly unknown[]): string {
  return createHash('sha256')
    .update(JSON.stringify([sql, rest]))
    .digest('hex')
}
