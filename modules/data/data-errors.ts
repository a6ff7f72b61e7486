/** What can go wrong between an application and its database. */
import { defineError } from 'tenon'

export const DatabaseUrlUnreadable = defineError({
  code: 'DATA_URL_UNREADABLE',
  status: 500,
  message: (reason: string) => `DATABASE_URL cannot be read: ${reason}.`,
  help: 'Write sqlite:data/app.sqlite, sqlite::memory:, postgres://user:password@host:5432/name, mysql://… or mariadb://….',
})

export const DatabasePackageMissing = defineError({
  code: 'DATA_PACKAGE_MISSING',
  status: 500,
  message: (database: string, name: string, version: string) =>
    `${database} needs the package ${name}, which is not installed: run npm install ${name}@${version}`,
  help: 'Run the command in the message; drivers are not installed with the framework, so that nobody carries those of others.',
})

export const DatabaseUnreachable = defineError({
  code: 'DATA_DATABASE_UNREACHABLE',
  status: 503,
  message: (database: string, reason: string) => `The database ${database} cannot be opened: ${reason}`,
  help: 'Do what the message says; the driver says more in the cause.',
})

export const DatabaseNotOpen = defineError({
  code: 'DATA_DATABASE_NOT_OPEN',
  status: 500,
  message: (user: string) => `${user} was used while the database is not open.`,
  help: 'Use it from an @OnInit method or later, and not after @OnShutdown; a constructor is too early.',
})

export const SynchronizeInProduction = defineError({
  code: 'DATA_SYNCHRONIZE_IN_PRODUCTION',
  status: 500,
  message: () => 'DataModule is set to synchronize the schema in production, which can drop columns with their data.',
  help: 'Remove synchronize, and give the changes as migrations.',
})

export const MigrationLockTimeout = defineError({
  code: 'DATA_MIGRATION_LOCK_TIMEOUT',
  status: 503,
  message: (timeoutMs: number) => `Another process has been migrating this database for longer than ${timeoutMs} ms.`,
  help: 'Wait for it to finish and start again, or end it when it hangs.',
})

export const MigrationDestructive = defineError({
  code: 'DATA_MIGRATION_DESTRUCTIVE',
  status: 500,
  message: (losses: readonly string[]) => `The migration would lose data: ${losses.join('; ')}.`,
  help: 'Mark what was renamed with @RenamedFrom, or generate with { destructive: true } when the data may go.',
})

export const MigrationNameInvalid = defineError({
  code: 'DATA_MIGRATION_NAME_INVALID',
  status: 500,
  message: (name: string) => `"${name}" cannot name a migration.`,
  help: 'Use lower-case words with hyphens between them, as in add-priority.',
})

export const MigrationsPending = defineError({
  code: 'DATA_MIGRATIONS_PENDING',
  status: 500,
  message: (names: readonly string[]) => `There are migrations that have not been run: ${names.join(', ')}.`,
  help: 'Run them first: a new migration is the difference between the entities and the database as it then is.',
})

export const MigrationsFolderUnreadable = defineError({
  code: 'DATA_MIGRATIONS_FOLDER_UNREADABLE',
  status: 500,
  message: (folder: string, reason: string) => `The migrations in ${folder} cannot be read: ${reason}`,
  help: 'Give the folder of the migrations in migrationsFolder or DATABASE_MIGRATIONS; each file is <time stamp>-<name>.',
})

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

export const RepositoryWithoutEntity = defineError({
  code: 'DATA_REPOSITORY_WITHOUT_ENTITY',
  status: 500,
  message: (repository: string) => `${repository} extends BaseRepository and does not say which entity it is for.`,
  help: 'Write @Repository(Entity) above the class.',
})

export const EntityNotFound = defineError({
  code: 'DATA_ENTITY_NOT_FOUND',
  status: 404,
  message: (entity: string, key: string) => `There is no ${entity} with ${key}.`,
  help: 'Check the key; the row may have been deleted.',
})

export const DuplicateRow = defineError({
  code: 'DATA_DUPLICATE_ROW',
  status: 409,
  message: (entity: string) => `There is already a ${entity} with the same unique values.`,
  help: 'Change the values that must be unique, or update the row that is there; the cause names the constraint.',
})

export const CriteriaMissing = defineError({
  code: 'DATA_CRITERIA_MISSING',
  status: 500,
  message: (call: string, path: string, value: string) =>
    `${call} was given ${value} for ${path}; ignoring it would match rows that nobody asked for.`,
  help: 'Leave the criterion out on purpose, or match empty columns with IsNull().',
})

export const CriteriaEmpty = defineError({
  code: 'DATA_CRITERIA_EMPTY',
  status: 500,
  message: (call: string) => `${call} was given no criteria and would match every row.`,
  help: 'Name the rows; to reach all of them on purpose, use queryBuilder().',
})

export const PageInvalid = defineError({
  code: 'DATA_PAGE_INVALID',
  status: 400,
  message: (name: string, value: string) => `${name} must be a whole number from 1, not ${value}.`,
  help: 'Ask for page 1 and up, with at least one row a page.',
})

export const PageTooLarge = defineError({
  code: 'DATA_PAGE_TOO_LARGE',
  status: 400,
  message: (size: number, maximum: number) => `A page of ${size} rows was asked for; at most ${maximum} are given.`,
  help: 'Ask for smaller pages.',
})

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

export const FilterOnRelation = defineError({
  code: 'DATA_FILTER_ON_RELATION',
  status: 500,
  message: (filter: string, property: string) => `${filter} names ${property}, which is no column of the entity.`,
  help: 'Filter by columns; for a relation, map its key as a column of its own.',
})

export const CursorInvalid = defineError({
  code: 'DATA_CURSOR_INVALID',
  status: 400,
  message: () => 'The cursor was not given by this list, or the list is asked for in another order.',
  help: 'Begin again without a cursor.',
})

export const CursorOrderNullable = defineError({
  code: 'DATA_CURSOR_ORDER_NULLABLE',
  status: 500,
  message: (column: string) =>
    `${column} may be empty, and databases do not agree where empty values stand in an order.`,
  help: 'Order pages by cursor by columns that always have a value, or use pages by number.',
})

export const VersionConflict = defineError({
  code: 'DATA_VERSION_CONFLICT',
  status: 409,
  message: (entity: string, expected: string, current: string) =>
    `The ${entity} has been changed since it was read: version ${current} now, not ${expected}.`,
  errors: (_entity, _expected, current) => [{ pointer: '#/version', code: 'current', detail: current }],
  help: 'Read it again, and repeat the change.',
})

export const UnversionedEntity = defineError({
  code: 'DATA_ENTITY_UNVERSIONED',
  status: 500,
  message: (entity: string) => `${entity} has no @VersionColumn().`,
  help: 'Add one, or update without a version.',
})

export const SqlValueMissing = defineError({
  code: 'DATA_SQL_VALUE_MISSING',
  status: 500,
  message: (position: number) => `Value ${position} of an sql template is undefined or an empty list.`,
  help: 'Give null for an empty column, and ask for an empty list in code.',
})
