/** How a transaction fails, and what it refuses. */
import { defineError } from 'tenon'

export const TransactionEnded = defineError({
  code: 'DATA_TRANSACTION_ENDED',
  status: 500,
  message: () =>
    'The database was used by work that outlived its transaction; the change would not have been part of it.',
  help: 'Await everything that is started inside a transaction.',
})

export const TransactionNotAwaited = defineError({
  code: 'DATA_TRANSACTION_NOT_AWAITED',
  status: 500,
  message: () =>
    'The transaction was rolled back: at its end, work that takes part in it was still running, half done.',
  help: 'Await everything that is started inside a transaction.',
})

export const TransactionDoomed = defineError({
  code: 'DATA_TRANSACTION_DOOMED',
  status: 500,
  message: () => 'The transaction cannot go on: a part of it failed, and the error was caught inside of it.',
  help: "Let the error pass, catch it outside of the transaction, or run the part with propagation 'nested'.",
})

export const TransactionConflict = defineError({
  code: 'DATA_TRANSACTION_CONFLICT',
  status: 503,
  message: (times: number) =>
    `The transaction was rolled back by the database ${times === 1 ? 'once' : `${times} times`}: others were in its way.`,
  help: 'Try again; @Transactional({ retry: 3 }) does so by itself.',
})

export const PoolExhausted = defineError({
  code: 'DATA_POOL_EXHAUSTED',
  status: 503,
  message: (limitMs: number, holders: readonly string[]) =>
    `No database connection became free within ${limitMs} ms. Held by transactions begun at: ${holders.join(', ') || 'none'}.`,
  help: 'Shorten those transactions, begin none inside of another with requires-new, or raise DATABASE_POOL_SIZE.',
})

export const TransactionTimeout = defineError({
  code: 'DATA_TRANSACTION_TIMEOUT',
  status: 503,
  message: (timeoutMs: number) => `The transaction was rolled back: it took longer than ${timeoutMs} ms.`,
  help: 'Keep slow work outside of transactions, or raise its timeout.',
})

export const TransactionStalled = defineError({
  code: 'DATA_TRANSACTION_STALLED',
  status: 500,
  message: (limitMs: number) =>
    `A statement waited for more than ${limitMs} ms for a nested transaction beside it to end.`,
  help: 'Inside a nested transaction, do not wait for work that was started outside of it.',
})

export const TransactionReadOnly = defineError({
  code: 'DATA_TRANSACTION_READ_ONLY',
  status: 500,
  message: () => 'Something was to be written in a transaction that only reads.',
  help: 'Remove readOnly from the transaction, or write outside of it.',
})

export const TransactionMissing = defineError({
  code: 'DATA_TRANSACTION_MISSING',
  status: 500,
  message: () => 'This must be called inside a transaction, and there is none.',
  help: 'Put @Transactional() on the method that calls it.',
})

export const TransactionUnwanted = defineError({
  code: 'DATA_TRANSACTION_UNWANTED',
  status: 500,
  message: () => "Work with propagation 'never' was called inside a transaction.",
  help: 'Call it before or after the transaction, or in afterCommit.',
})

export const TransactionMismatch = defineError({
  code: 'DATA_TRANSACTION_MISMATCH',
  status: 500,
  message: (wanted: string, begun: string) =>
    `Work that asks for ${wanted} was called inside a transaction that has begun with ${begun}.`,
  help: "Ask for it where the transaction begins, or use propagation 'requires-new'.",
})

export const RequiresNewUnsupported = defineError({
  code: 'DATA_REQUIRES_NEW_UNSUPPORTED',
  status: 500,
  message: () =>
    "Propagation 'requires-new' was used inside a transaction on SQLite, which has one writer: both would wait for ever.",
  help: "Do it in afterCommit or afterRollback, use 'nested', or move to PostgreSQL or MySQL.",
})

export const TransactionalNotAsync = defineError({
  code: 'DATA_TRANSACTIONAL_NOT_ASYNC',
  status: 500,
  message: (method: string) => `${method} is transactional and not async: its result would become a promise.`,
  help: 'Write async before it, put @Transactional() on the other methods instead of the class, or make it #private.',
})

export const TransactionElsewhere = defineError({
  code: 'DATA_TRANSACTION_ELSEWHERE',
  status: 500,
  message: (source: string, running: string) =>
    `A transaction of the data source ${running} is running, and what ${source} writes would not be undone with it.`,
  help: "Write in afterCommit(), or say that it is committed by itself: { source, propagation: 'requires-new' }.",
})
