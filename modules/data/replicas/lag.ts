/** How far a replica is behind, as its own database tells it. */
import type { DataSource } from 'typeorm'

/**
 * Zero while everything that has arrived is applied and more can arrive: on a quiet primary the last transaction is always
 * old. Otherwise the age of what was applied last, which is the most it can be.
 */
const POSTGRES = `SELECT CASE WHEN NOT pg_is_in_recovery()
  OR (EXISTS (SELECT 1 FROM pg_stat_wal_receiver) AND pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn()) THEN 0
  ELSE EXTRACT(EPOCH FROM clock_timestamp() - COALESCE(pg_last_xact_replay_timestamp(), pg_postmaster_start_time()))
  END AS seconds`

/** In milliseconds. @throws where replication has stopped. */
export async function lagOf(source: DataSource, sql: string | undefined): Promise<number> {
  const { type } = source.options
  if (sql !== undefined) return milliseconds(firstValue(await source.query(sql)))
  if (type === 'postgres') return milliseconds(firstValue(await source.query(POSTGRES)))
  if (type === 'mysql' || type === 'mariadb') return mysqlLag(source)
  await source.query('SELECT 1')
  return 0
}

/** A server that follows nobody has no status. */
async function mysqlLag(source: DataSource): Promise<number> {
  const rows = (await source.query('SHOW SLAVE STATUS')) as readonly Record<string, unknown>[]
  const [status] = rows
  return status ? milliseconds(status['Seconds_Behind_Master']) : 0
}

function firstValue(rows: unknown): unknown {
  return Object.values((rows as readonly object[])[0] ?? {})[0]
}

function milliseconds(seconds: unknown): number {
  if (seconds === null || seconds === undefined) throw new Error('it does not follow its primary')
  return Number(seconds) * 1000
}
