/** What the database itself is told of a transaction's limits: reading only, and time. */
import type { TransactionOptions } from 'tenon/decorators'
import type { DataSource } from 'typeorm'

export interface Limits {
  /** Sent before it begins. */
  readonly before: readonly string[]
  /** Sent as its first statements. */
  readonly after: readonly string[]
  /** Sent before it ends: what would outlive it on the connection. */
  readonly undo: readonly string[]
}

const NONE: Limits = { before: [], after: [], undo: [] }

/** A statement that runs too long is ended by the database; MySQL can do that for reads alone, and SQLite not at all. */
export function limitsOf({ options: { type } }: DataSource, { readOnly = false, timeout }: TransactionOptions): Limits {
  if (!readOnly && timeout === undefined) return NONE
  const time = timeout === undefined ? undefined : Math.ceil(timeout)
  if (type === 'postgres') {
    const limit = time === undefined ? [] : [`SET LOCAL statement_timeout = ${time}`]
    return { before: [], after: readOnly ? ['SET TRANSACTION READ ONLY', ...limit] : limit, undo: [] }
  }
  if (type === 'mysql' || type === 'mariadb') {
    const before = readOnly ? ['SET TRANSACTION READ ONLY'] : []
    if (time === undefined) return { before, after: [], undo: [] }
    const [name, value] = type === 'mariadb' ? ['max_statement_time', time / 1000] : ['max_execution_time', time]
    return { before, after: [`SET SESSION ${name} = ${value}`], undo: [`SET SESSION ${name} = DEFAULT`] }
  }
  return readOnly ? { before: [], after: ['PRAGMA query_only = ON'], undo: ['PRAGMA query_only = OFF'] } : NONE
}
