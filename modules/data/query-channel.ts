/**
 * Tells whoever listens of each statement: the tracing channel `tenon:data:query` of `node:diagnostics_channel`. `start`
 * comes before a statement; a listener that wants to hear how it ends follows it, and gets `error`, when it failed, and
 * `asyncEnd`. Nothing is made where nobody listens.
 */
import { tracingChannel } from 'node:diagnostics_channel'

import type { ApplicationSite } from 'tenon'
import type { DataSource, QueryRunner } from 'typeorm'

import { askedAt } from './asked-at.ts'

/** One statement; the same object is published at its start and at its end. */
export class QueryMessage {
  /** TypeORM's name of the database: `better-sqlite3`, `postgres`, `mysql`, `mariadb`. */
  readonly database: string
  /** To be set during `start` by listeners that want the other events. */
  isFollowed = false
  /** How many rows came back; told at the end. */
  rows: number | undefined
  /** Why it failed. */
  error: unknown
  readonly #sql: string
  readonly #hasParameters: boolean

  constructor(database: string, sql: string, parameters: unknown) {
    this.database = database
    this.#sql = sql
    this.#hasParameters = Array.isArray(parameters) ? parameters.length > 0 : parameters !== undefined
  }

  /** Where the application asked for it, noted when it did; only while somebody listens to `tenon:data:asked`. */
  get site(): ApplicationSite | undefined {
    return askedAt()
  }

  /** The same as `file:line:column`, which takes longer than most statements. */
  get askedAt(): string | undefined {
    return this.site?.place
  }

  /** The text with its placeholders, never values: literals of a text without parameters are left out. */
  get sql(): string {
    return this.#hasParameters ? this.#sql : this.#sql.replace(LITERAL, '?')
  }
}

/** Strings, and numbers that are no part of a name. */
const LITERAL = /'(?:[^']|'')*'|(?<![\w"`$])\d+(?:\.\d+)?(?![\w"`])/g

const QUERIES = tracingChannel<QueryMessage>('tenon:data:query')

/** Whether anybody listens. */
export function isListenedTo(): boolean {
  return QUERIES.hasSubscribers
}

/** Runs a statement, and tells of it. */
export function tellQuery<T>(message: QueryMessage, run: () => T): T {
  QUERIES.start.publish(message)
  if (!message.isFollowed) return run()
  let answer: T
  try {
    answer = run()
  } catch (error) {
    end(message, { error })
    throw error
  }
  if (!(answer instanceof Promise)) {
    end(message, { answer })
    return answer
  }
  const told: Promise<unknown> = answer.then(
    (rows: unknown) => {
      end(message, { answer: rows })
      return rows
    },
    (error: unknown) => {
      end(message, { error })
      throw error
    },
  )
  return told as T
}

/** Lets a data source tell of what its query runners send. */
export function tellQueries<S extends DataSource>(source: S): S {
  const create = source.createQueryRunner.bind(source)
  return Object.assign(source, {
    createQueryRunner(...mode: Parameters<DataSource['createQueryRunner']>): QueryRunner {
      const runner = create(...mode)
      if (!isListenedTo()) return runner
      const query = runner.query.bind(runner)
      return Object.assign(runner, {
        query: (...args: Parameters<QueryRunner['query']>) =>
          tellQuery(new QueryMessage(source.options.type, args[0], args[1]), () => query(...args)),
      })
    },
  })
}

function end(message: QueryMessage, { answer, error }: { readonly answer?: unknown; readonly error?: unknown }): void {
  if (error !== undefined) {
    message.error = error
    QUERIES.error.publish(message)
  }
  message.rows = rowsOf(answer)
  QUERIES.asyncEnd.publish(message)
}

/** TypeORM's builders ask for an object around the rows. */
function rowsOf(answer: unknown): number | undefined {
  const rows = Array.isArray(answer) ? answer : (answer as { readonly records?: unknown } | undefined)?.records
  return Array.isArray(rows) ? rows.length : undefined
}
