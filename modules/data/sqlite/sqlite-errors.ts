/** What SQLite, with its one connection and one writer, cannot do. */
import { defineError } from 'tenon'

export const SqliteLockTimeout = defineError({
  code: 'DATA_SQLITE_LOCK_TIMEOUT',
  status: 503,
  message: (timeoutMs: number, others: number) =>
    `Another caller's transaction kept the SQLite database for longer than ${timeoutMs} ms, with ${others} more waiting.`,
  help: 'Keep slow work (HTTP calls, hashing, waiting) outside of transactions, or move to PostgreSQL or MySQL.',
})

export const SqliteWaitsOnItself = defineError({
  code: 'DATA_SQLITE_WAITS_ON_ITSELF',
  status: 500,
  message: () =>
    'Inside a transaction, the database was used past the transaction: the call would wait for itself for ever.',
  help: 'Use the manager that the transaction was given, or repositories inside UnitOfWork.transaction, which pick it up.',
})

export const SqliteRawTransaction = defineError({
  code: 'DATA_SQLITE_RAW_TRANSACTION',
  status: 500,
  message: (sql: string) =>
    `"${sql}" opened a transaction that no caller owns; everyone's statements would land in it. It was rolled back.`,
  help: 'Use UnitOfWork.transaction.',
})

export const SqliteClosed = defineError({
  code: 'DATA_SQLITE_CLOSED',
  status: 503,
  message: () => 'The SQLite database is closed or closing.',
  help: 'Finish work in @OnDrain; the database closes at @OnShutdown.',
})
