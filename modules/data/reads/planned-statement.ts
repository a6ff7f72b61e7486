/** A statement that is sent again and again: its text, what is bound for its parameters, and what is known of its answer. */
import { hash } from 'node:crypto'

import type { OWNER_MARK } from '../owners/acting-owner.ts'
import type { SqliteReader } from '../sqlite/sqlite-reader.ts'
import type { Hydrator } from './hydrate.ts'
import type { Mark } from './template-options.ts'

/** A key that an earlier statement of the same read has found. */
export class KeyMark {
  readonly row: number
  readonly column: number

  constructor(row: number, column: number) {
    this.row = row
    this.column = column
  }
}

/** What is bound for a parameter; `keys` are all that an earlier part of the same read has found. */
export type Slot = Mark | KeyMark | typeof OWNER_MARK | 'take' | 'skip' | 'keys'

export interface PlannedStatement {
  readonly sql: string
  readonly slots: readonly Slot[]
  /** The names of the fields, once a result has told them. */
  fields: readonly string[] | undefined
  /** PostgreSQL's numbers of their types. */
  types: readonly number[] | undefined
  hydrate: Hydrator | undefined
  /** By which name PostgreSQL's connections keep it prepared; `undefined` where they cannot. */
  name: string | undefined
  /** SQLite's prepared statement and the connection it belongs to. */
  prepared: { readonly connection: object; readonly reader: SqliteReader } | undefined
}

export function plannedStatement(sql: string, slots: readonly unknown[]): PlannedStatement {
  return {
    sql,
    slots: slots as readonly Slot[],
    fields: undefined,
    types: undefined,
    hydrate: undefined,
    name: `tenon_${hash('sha1', sql)}`,
    prepared: undefined,
  }
}
