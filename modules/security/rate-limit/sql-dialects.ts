/**
 * The step of gcra.ts as one statement for each database. A refused call writes nothing: it takes no lock for longer
 * than it looks, and an attacker does not fill the log of the database.
 */
import type { Verdict } from './gcra.ts'

export type RunSql = (sql: string, parameters: readonly unknown[]) => Promise<unknown>

export interface SqlStep {
  readonly id: string
  /** What the call takes from the allowance. */
  readonly takenUs: number
  readonly burstUs: number
  /** The time of this process; only SQLite goes by it, whose processes share one machine. */
  readonly nowUs: number
}

export interface SqlDialect {
  take(run: RunSql, step: SqlStep): Promise<Verdict>
  /** Removes the rows of allowances that are full. */
  sweep(run: RunSql, nowUs: number): Promise<unknown>
}

/** @param type - Of TypeORM's options. */
export function dialectOf(type: string): SqlDialect {
  if (type === 'postgres') return POSTGRES
  return type === 'mysql' || type === 'mariadb' ? MYSQL : SQLITE
}

const PG_NOW = `(extract(epoch FROM statement_timestamp()) * 1000000)::bigint`

/** The moment of the statement is the same wherever it stands in it; a row that was waited for is read anew. */
const POSTGRES: SqlDialect = {
  async take(run, { id, takenUs, burstUs }) {
    const [taken] = (await run(
      `INSERT INTO security_rate_limit AS known (id, full_at) VALUES ($1, ${PG_NOW} + $2::bigint)
       ON CONFLICT (id) DO UPDATE SET full_at = greatest(known.full_at, ${PG_NOW}) + $2::bigint
       WHERE greatest(known.full_at, ${PG_NOW}) + $2::bigint - ${PG_NOW} <= $3::bigint
       RETURNING full_at - ${PG_NOW} AS left_us`,
      [id, takenUs, burstUs],
    )) as readonly { readonly left_us: string }[]
    if (taken) return Number(taken.left_us)
    return refused(
      await run(`SELECT full_at - ${PG_NOW} AS left_us FROM security_rate_limit WHERE id = $1`, [id]),
      takenUs,
      burstUs,
    )
  },
  sweep: (run) => run(`DELETE FROM security_rate_limit WHERE full_at < ${PG_NOW}`, []),
}

const SQLITE: SqlDialect = {
  async take(run, { id, takenUs, burstUs, nowUs }) {
    const [taken] = (await run(
      `INSERT INTO security_rate_limit (id, full_at) VALUES (?, ? + ?)
       ON CONFLICT (id) DO UPDATE SET full_at = max(full_at, ?) + ?
       WHERE max(full_at, ?) + ? - ? <= ?
       RETURNING full_at - ? AS left_us`,
      [id, nowUs, takenUs, nowUs, takenUs, nowUs, takenUs, nowUs, burstUs, nowUs],
    )) as readonly { readonly left_us: number | string }[]
    if (taken) return Number(taken.left_us)
    return refused(
      await run('SELECT full_at - ? AS left_us FROM security_rate_limit WHERE id = ?', [nowUs, id]),
      takenUs,
      burstUs,
    )
  },
  sweep: (run, nowUs) => run('DELETE FROM security_rate_limit WHERE full_at < ?', [nowUs]),
}

const MY_NOW = `timestampdiff(MICROSECOND, '1970-01-01', utc_timestamp(6))`

/**
 * `ON DUPLICATE KEY UPDATE` has no condition, so a refused call writes the value that is there, which InnoDB leaves
 * alone. What was decided comes back as the id of the insertion: LAST_INSERT_ID(x) sets it, and x is the verdict twice,
 * plus one for a call that was let through.
 */
const MYSQL: SqlDialect = {
  async take(run, { id, takenUs, burstUs }) {
    const { insertId } = (await run(
      `INSERT INTO security_rate_limit (id, full_at) VALUES (?, ${MY_NOW} + ? + 0 * last_insert_id(? * 2 + 1))
       ON DUPLICATE KEY UPDATE full_at = CASE
         WHEN greatest(full_at, ${MY_NOW}) + ? - ${MY_NOW} <= ?
         THEN greatest(full_at, ${MY_NOW}) + ? + 0 * last_insert_id((greatest(full_at, ${MY_NOW}) + ? - ${MY_NOW}) * 2 + 1)
         ELSE full_at + 0 * last_insert_id((full_at - ${MY_NOW}) * 2) END`,
      [id, takenUs, takenUs, takenUs, burstUs, takenUs, takenUs],
    )) as { readonly insertId: number }
    const leftUs = Math.floor(insertId / 2)
    return insertId % 2 === 1 ? leftUs : burstUs - leftUs - takenUs
  },
  sweep: (run) => run(`DELETE FROM security_rate_limit WHERE full_at < ${MY_NOW}`, []),
}

/** How long until the call would be let through; at least a microsecond, for it was refused. */
function refused(rows: unknown, takenUs: number, burstUs: number): Verdict {
  const [row] = rows as readonly { readonly left_us: number | string }[]
  return Math.min(-1, burstUs - Number(row?.left_us ?? 0) - takenUs)
}
