/**
 * Runs a planned statement on the connection that the current call has to use, and answers the rows as arrays. It
 * bypasses TypeORM's query runner only where that would do nothing else: no subscribers, no time limits, no replicas.
 */
import { QueryFailedError, type DataSource, type EntityManager } from 'typeorm'
import { DateUtils } from 'typeorm/util/DateUtils.js'

import { errorCode } from '../error-code.ts'
import { SqliteDataSource } from '../sqlite/sqlite-data-source.ts'
import type { SqliteDriver } from '../sqlite/sqlite-driver.ts'
import { AuthorSubscriber } from '../audit/author-subscriber.ts'
import type { PlannedStatement } from './read-plan.ts'
import type { Row } from './row-reader.ts'

/** Answers at once on SQLite. The statement knows its fields when it has answered. */
export type ReadRows = (statement: PlannedStatement, parameters: readonly unknown[]) => Row[] | Promise<Row[]>

/** How the call of this manager reads, or `undefined` where that is for TypeORM to do. */
export function rowsFor(manager: EntityManager): ReadRows | undefined {
  const { dataSource } = manager
  const { options } = dataSource
  if (dataSource.subscribers.some((each) => !(each instanceof AuthorSubscriber)) || dataSource.queryResultCache)
    return undefined
  if (options.maxQueryExecutionTime !== undefined || options.isolateWhereStatements === true) return undefined
  if (dataSource instanceof SqliteDataSource) return sqliteRows(manager, dataSource.driver as SqliteDriver)
  if ((dataSource.driver as unknown as ServerDriver).isReplicated || manager.queryRunner?.isReleased) return undefined
  if (options.type === 'postgres') return (statement, parameters) => postgresRows(manager, statement, parameters)
  return (statement, parameters) => mysqlRows(manager, statement, parameters)
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
    readonly fields: readonly { readonly name: string }[]
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
  dataSource.logger.logQuery(statement.sql, parameters as unknown[], queryRunner)
  const { name, sql: text } = statement
  const query = { text, values: [...parameters], rowMode: 'array' as const }
  try {
    const { fields, rows } = await client.query(name === undefined ? query : { ...query, name })
    statement.fields ??= fields.map((field) => field.name)
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

/** The error that TypeORM's query runner throws. */
function failure(manager: EntityManager, sql: string, parameters: readonly unknown[], error: unknown): Error {
  const bound = parameters as unknown[]
  manager.dataSource.logger.logQueryError(error as Error, sql, bound, manager.queryRunner)
  return new QueryFailedError(sql, bound, error as Error)
}
