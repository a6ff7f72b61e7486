/**
 * How a transaction takes SQLite's one write lock.
 * `BEGIN` alone takes it at the first write, and a reader that wants to become a writer while another process writes
 * is refused at once with `SQLITE_BUSY`, whatever the time-out (https://sqlite.org/isolation.html). `BEGIN IMMEDIATE`
 * takes it at the start, where waiting is possible; we wait without blocking the thread.
 */
import { setTimeout as sleep } from 'node:timers/promises'

import type { SqliteConnection } from './sqlite-connection.ts'
import { isBusy } from './sqlite-failure.ts'

const FIRST_PAUSE_MS = 1
const LONGEST_PAUSE_MS = 50

/**
 * Begins a write transaction.
 * @throws An error with `code` `SQLITE_BUSY` when another process keeps the lock for longer than `limitMs`.
 */
export async function beginImmediate(connection: SqliteConnection, limitMs: number): Promise<void> {
  const giveUpAt = performance.now() + limitMs
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
    try {
      connection.execUnlessBusy('BEGIN IMMEDIATE')
      return
    } catch (error) {
      if (!isBusy(error) || performance.now() + pauseMs > giveUpAt) throw error
    }
    // Processes that began waiting together must not come back together.
    await sleep(pauseMs * (0.5 + Math.random() / 2))
  }
}
