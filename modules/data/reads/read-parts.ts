/** Reads the parts of a plan in one snapshot: on SQLite within one tick and transaction, on PostgreSQL by one statement. */
import type { EntityManager } from 'typeorm'

import { SqliteDataSource } from '../sqlite/sqlite-data-source.ts'
import type { EntityTree } from './entity-node.ts'
import { multiplies } from './hydrate.ts'
import { compilePartsHydrator, type PartsHydrator } from './hydrate-parts.ts'
import { inParent, jsonColumns } from './json-columns.ts'
import { planParts, type KeptTo, type Parts, type PartText } from './parts.ts'
import { plannedStatement, type PlannedStatement } from './planned-statement.ts'
import { inSnapshot, type ReadRows } from './read-rows.ts'
import type { ReadOptions } from './read-shape.ts'
import type { Layout, ReaderMode, Row, Table } from './row-reader.ts'

/** What is bound for the marks of a statement. @param keys - For the slot `keys`. */
export type Bound = (statement: PlannedStatement, keys?: string) => readonly unknown[]

export interface PartsRead {
  /** All statements, for those who are told of them. */
  readonly sql: () => string
  /** The rows of each part, the root's first; `undefined` where it has to be read by the join. */
  readonly tables: (manager: EntityManager, run: ReadRows, bound: Bound) => PartTables | Promise<PartTables>
  /** How the tables are put together. */
  readonly layout: Layout
  readonly hydrate: PartsHydrator
}

export type PartTables = readonly Table[] | undefined

type Unhydrated = Omit<PartsRead, 'hydrate'>

/**
 * @param options - With marks for values.
 * @param joined - The read by join; it has been run, so that the types of its fields are known.
 * @returns `undefined` where it has to be read by the join.
 */
export function planPartsRead(
  manager: EntityManager,
  tree: EntityTree,
  options: ReadOptions,
  joined: PlannedStatement,
  mode: ReaderMode,
): PartsRead | undefined {
  const { dataSource } = manager
  const isSqlite = dataSource instanceof SqliteDataSource
  if (!isSqlite && dataSource.options.type !== 'postgres') return undefined
  // A join that repeats nothing reads each row once as well; of a page it is the second statement, which is another way to a server.
  const isPage = options.take !== undefined || options.skip !== undefined
  if ((isSqlite || !isPage) && !multiplies(tree.root)) return undefined
  const parts = planParts(manager, tree, options, isSqlite ? inKeys(manager) : inParent(manager))
  if (!parts) return undefined
  const read = isSqlite ? readEach(manager, parts) : readColumns(manager, parts, joined)
  return read && { ...read, hydrate: compilePartsHydrator(dataSource, parts.parts, mode, read.layout) }
}

/** By the keys that were found: to ask again which rows fit would be to look for them twice. For all rows it is faster. */
function inKeys({ dataSource }: EntityManager): KeptTo {
  return (column, { parentField }, { fields }, whole) =>
    whole === undefined
      ? { sql: `${column} IN (SELECT value FROM json_each(:tenon_keys))`, parameters: { tenon_keys: 'keys' } }
      : {
          sql: `${column} IN (SELECT ${dataSource.driver.escape(fields[parentField]!)} FROM (${whole}))`,
          parameters: {},
        }
}

function readEach(manager: EntityManager, { parts, texts }: Parts): Unhydrated {
  const statements = texts.map((text) => statementOf(manager, text))
  const sql = statements.map((statement) => statement.sql).join(';\n')
  return {
    sql: () => sql,
    layout: 'rows',
    tables: (current, run, bound) =>
      inSnapshot(current, () => {
        const found: Row[][] = []
        for (const [index, statement] of statements.entries()) {
          const { link } = parts[index]!
          const needsKeys = link !== undefined && statement.slots.includes('keys')
          const keys = needsKeys ? keysOf(found[link.parent]!, link.parentField) : undefined
          if (needsKeys && keys === undefined) return undefined
          found.push(run(statement, bound(statement, keys)) as Row[])
        }
        return found
      }),
  }
}

/** As JSON; integers that a number cannot hold are written out too. `undefined` for what JSON cannot say to SQLite. */
function keysOf(rows: readonly Row[], field: number): string | undefined {
  const keys = new Set<unknown>()
  for (const row of rows) if (row[field] !== null) keys.add(row[field])
  const texts: string[] = []
  for (const key of keys) {
    const isNumber = typeof key === 'bigint' || Number.isFinite(key)
    if (!isNumber && (typeof key !== 'string' || key.includes('\0'))) return undefined
    texts.push(isNumber ? String(key) : JSON.stringify(key))
  }
  return `[${texts.join(',')}]`
}

function readColumns(
  manager: EntityManager,
  parts: Parts,
  { fields = [], types = [] }: PlannedStatement,
): Unhydrated | undefined {
  const typeOf = new Map(fields.map((field, at) => [field, types[at]!]))
  const escaped = new Set<string>()
  const plan = () => {
    const columns = jsonColumns(manager, parts, typeOf, escaped)
    return columns && { columns, statement: statementOf(manager, columns) }
  }
  let planned = plan()
  if (!planned) return undefined
  const tables: PartsRead['tables'] = async (_current, run, bound) => {
    for (;;) {
      const { columns, statement } = planned!
      const [row = []] = await run(statement, bound(statement))
      const found = columns.read(row)
      if (!found?.unclear) return found?.tables
      // From now on: values of that kind come again.
      for (const field of found.unclear) escaped.add(field)
      planned = plan()
    }
  }
  return { sql: () => planned!.statement.sql, layout: 'columns', tables }
}

function statementOf({ dataSource }: EntityManager, { sql, parameters }: PartText): PlannedStatement {
  return plannedStatement(...dataSource.driver.escapeQueryWithParameters(sql, parameters))
}
