/**
 * Runs a planned statement on the connection that the current call has to use, and answers the rows as arrays. It
 * bypasses TypeORM's query runner only where that would do nothing else: no subscribers, no time limits, no replicas.
 */
import { TenonError } from 'tenon'
import { QueryFailedError, type DataSource, type EntityManager } from 'typeorm'
import { DateUtils } from 'typeorm/util/DateUtils.js'

import { errorCode } from '../error-code.ts'
import { isListenedTo, QueryMessage, tellQuery } from '../query-channel.ts'
import { SqliteDataSource } from '../sqlite/sqlite-data-source.ts'
import type { SqliteDriver } from '../sqlite/sqlite-driver.ts'
import { AuthorSubscriber } from '../audit/author-subscriber.ts'
import { ConnectionSettings } from '../owners/connection-settings.ts'
import { OwnerSubscriber } from '../owners/owner-subscriber.ts'
import type { PlannedStatement } from './planned-statement.ts'
import type { Row } from './row-reader.ts'

/** Answers at once on SQLite. The statement knows its fields when it has answered. */
export type ReadRows = (statement: PlannedStatement, parameters: readonly unknown[]) => Row[] | Promise<Row[]>

/** Tells whoever listens of a read of one or several statements. */
export function telling<T>(
  { dataSource }: EntityManager,
  sql: string,
  parameters: readonly unknown[],
  read: () => T,
): T {
  return isListenedTo() ? tellQuery(new QueryMessage(dataSource.options.type, sql, parameters), read) : read()
}

/** How the call of this manager reads, or `undefined` where that is for TypeORM to do. */
export function rowsFor(manager: EntityManager): ReadRows | undefined {
  const { dataSource } = manager
  const { options } = dataSource
  if (dataSource.subscribers.some((each) => !isOurs(each)) || dataSource.queryResultCache) return undefined
  if (options.maxQueryExecutionTime !== undefined || options.isolateWhereStatements === true) return undefined
  if (dataSource instanceof SqliteDataSource) return sqliteRows(manager, dataSource.driver as SqliteDriver)
  if ((dataSource.driver as unknown as ServerDriver).isReplicated || manager.queryRunner?.isReleased) return undefined
  if (options.type === 'postgres') return (statement, parameters) => postgresRows(manager, statement, parameters)
  return (statement, parameters) => mysqlRows(manager, statement, parameters)
}

/** They act when something is written. */
function isOurs(subscriber: unknown): boolean {
  return subscriber instanceof AuthorSubscriber || subscriber instanceof OwnerSubscriber
}

/** A value as TypeORM binds it. */
export function boundValue(source: DataSource, value: unknown): unknown {
  if (value instanceof Date && source instanceof SqliteDataSource) return DateUtils.mixedDateToUtcDatetimeString(value)
  return value
}

/** One that has to wait for another's transaction waits with TypeORM. */
function sqliteRows(manager: EntityManager, driver: SqliteDriver): ReadRows | undefined {
  const { queryRunner } = manager
  if (queryRunner?.isReleased || !driver.owners.isOpenTo(queryRunner)) return undefined
  return (statement, parameters) => {
    driver.dataSource.logger.logQuery(statement.sql, parameters as unknown[], queryRunner)
    try {
      const { databaseConnection: connection } = driver
      if (statement.prepared?.connection !== connection) {
        statement.prepared = { connection, reader: connection.reader(statement.sql) }
        statement.fields = statement.prepared.reader.fields
      }
      return statement.prepared.reader.all(parameters)
    } catch (error) {
      throw failure(manager, statement.sql, parameters, error)
    }
  }
}

/** Reads of SQLite that all see the same state: within one tick, and one transaction where other processes may write. */
export function inSnapshot<T>({ dataSource }: EntityManager, read: () => T): T {
  const { databaseConnection: connection } = dataSource.driver as SqliteDriver
  if (connection.inTransaction) return read()
  connection.exec('BEGIN')
  try {
    return read()
  } finally {
    if (connection.inTransaction) connection.exec('COMMIT')
  }
}

/** What is the same for the drivers of servers. */
interface ServerDriver {
  readonly isReplicated: boolean
}

interface PostgresClient {
  query(query: {
    readonly name?: string
    readonly text: string
    readonly values: unknown[]
    readonly rowMode: 'array'
  }): Promise<{
    readonly fields: readonly { readonly name: string; readonly dataTypeID: number }[]
    readonly rows: Row[]
  }>
}

async function postgresRows(
  manager: EntityManager,
  statement: PlannedStatement,
  parameters: readonly unknown[],
): Promise<Row[]> {
  const { dataSource, queryRunner } = manager
  const pool = (dataSource.driver as unknown as { readonly master: PostgresClient }).master
  const client = queryRunner ? ((await queryRunner.connect()) as PostgresClient) : pool
  // The pool has told those that it hands out itself.
  if (queryRunner) await ConnectionSettings.of(dataSource)?.keep(client)
  dataSource.logger.logQuery(statement.sql, parameters as unknown[], queryRunner)
  const { name, sql: text } = statement
  const query = { text, values: [...parameters], rowMode: 'array' as const }
  try {
    const { fields, rows } = await client.query(name === undefined ? query : { ...query, name })
    statement.fields ??= fields.map((field) => field.name)
    statement.types ??= fields.map((field) => field.dataTypeID)
    return rows
  } catch (error) {
    if (name === undefined || !LOST.has(errorCode(error))) throw failure(manager, text, parameters, error)
    statement.name = undefined
    // In a transaction the error has ended it already.
    if (queryRunner?.isTransactionActive) throw failure(manager, text, parameters, error)
    return postgresRows(manager, statement, parameters)
  }
}

/**
 * A kept statement is of no use: the type of a column has changed under it (0A000), or a pooler between us and the server
 * gave its connection to somebody else (26000, 42P05). From then on it is sent anew each time.
 */
const LOST: ReadonlySet<unknown> = new Set(['0A000', '26000', '42P05'])

interface MysqlClient {
  query(
    query: { readonly sql: string; readonly values: unknown[]; readonly rowsAsArray: true },
    done: (error: unknown, rows: Row[], fields: readonly { readonly name: string }[]) => void,
  ): void
}

async function mysqlRows(
  manager: EntityManager,
  statement: PlannedStatement,
  parameters: readonly unknown[],
): Promise<Row[]> {
  const { dataSource, queryRunner } = manager
  const { pool } = dataSource.driver as unknown as { readonly pool: MysqlClient }
  const client = queryRunner ? ((await queryRunner.connect()) as MysqlClient) : pool
  dataSource.logger.logQuery(statement.sql, parameters as unknown[], queryRunner)
  return new Promise((resolve, reject) => {
    client.query({ sql: statement.sql, values: [...parameters], rowsAsArray: true }, (error, rows, fields) => {
      if (error) return reject(failure(manager, statement.sql, parameters, error))
      statement.fields ??= fields.map((field) => field.name)
      resolve(rows)
    })
  })
}

/** The error that TypeORM's query runner throws; one of our own, of a statement that was never sent, is what it is. */
function failure(manager: EntityManager, sql: string, parameters: readonly unknown[], error: unknown): Error {
  if (error instanceof TenonError) return error
  const bound = parameters as unknown[]
  manager.dataSource.logger.logQueryError(error as Error, sql, bound, manager.queryRunner)
  return new QueryFailedError(sql, bound, error as Error)
}
