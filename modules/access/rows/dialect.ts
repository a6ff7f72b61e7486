/**
 * How each database is made to compare as `conditions/values.ts` does: text by its letters (MariaDB and MySQL fold case
 * and trailing blanks otherwise), times by whole milliseconds, and every comparison with null false.
 */
import type { Comparison } from 'tenon/decorators'

import type { ColumnKind } from './column-kind.ts'

/** Gives a value a name in the statement. */
export type BindValue = (value: unknown) => string

export interface Dialect {
  /** Column against value; `time` values are whole milliseconds. */
  compareValue(kind: ColumnKind, operator: Comparison, column: string, value: unknown, bind: BindValue): string
  /** Column against column of the same kind. */
  compareColumns(kind: ColumnKind, operator: Comparison, left: string, right: string): string
}

const SIGNS: Readonly<Record<Comparison, string>> = {
  equal: '=',
  less: '<',
  lessOrEqual: '<=',
  greater: '>',
  greaterOrEqual: '>=',
}

/** An index on the column is of use: the column stands alone, on whichever side of the millisecond it lies. */
function withinMilliseconds(operator: Comparison, column: string, value: Date, bind: (time: Date) => string): string {
  const next = (): string => bind(new Date(value.getTime() + 1))
  switch (operator) {
    case 'equal':
      return `${column} >= ${bind(value)} AND ${column} < ${next()}`
    case 'less':
      return `${column} < ${bind(value)}`
    case 'lessOrEqual':
      return `${column} < ${next()}`
    case 'greater':
      return `${column} >= ${next()}`
    case 'greaterOrEqual':
      return `${column} >= ${bind(value)}`
  }
}

const isText = (kind: ColumnKind): boolean => kind === 'text' || kind === 'enum' || kind === 'uuid'

const SQLITE: Dialect = {
  compareValue(kind, operator, column, value, bind) {
    const sign = SIGNS[operator]
    if (isText(kind)) return `${column} ${sign} ${bind(value)} COLLATE BINARY`
    if (kind !== 'time') return `${column} ${sign} ${bind(value)}`
    // Times are text, written with milliseconds by TypeORM and without by SQLite itself.
    return `${sqliteTime(column)} ${sign} ${bind((value as Date).toISOString().slice(0, 23).replace('T', ' '))}`
  },
  compareColumns(kind, operator, left, right) {
    const sign = SIGNS[operator]
    if (isText(kind)) return `${left} ${sign} ${right} COLLATE BINARY`
    if (kind !== 'time') return `${left} ${sign} ${right}`
    return `${sqliteTime(left)} ${sign} ${sqliteTime(right)}`
  },
}

function sqliteTime(column: string): string {
  return `strftime('%Y-%m-%d %H:%M:%f', ${column})`
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

const LARGEST_INTEGER = 2_147_483_647

const POSTGRES: Dialect = {
  compareValue(kind, operator, column, value, bind) {
    const sign = SIGNS[operator]
    if (kind === 'time') return withinMilliseconds(operator, column, value as Date, bind)
    if (kind === 'number') {
      // The server takes the parameter of an integer column for an integer, and refuses what is none.
      const isInteger = Number.isInteger(value) && Math.abs(value as number) <= LARGEST_INTEGER
      return `${column} ${sign} CAST(${bind(value)} AS ${isInteger ? 'integer' : 'double precision'})`
    }
    if (kind === 'boolean') return `${column} ${sign} ${bind(value)}`
    if (kind === 'uuid' && operator === 'equal') {
      // As the server writes it; then an index on the column serves.
      return UUID.test(value as string) ? `${column} = CAST(${bind(value)} AS uuid)` : '1 = 0'
    }
    return `${postgresText(kind, column)} ${sign} CAST(${bind(value)} AS text)${collation(operator)}`
  },
  compareColumns(kind, operator, left, right) {
    const sign = SIGNS[operator]
    if (kind === 'time') return `date_trunc('milliseconds', ${left}) ${sign} date_trunc('milliseconds', ${right})`
    if (!isText(kind)) return `${left} ${sign} ${right}`
    return `CAST(${left} AS text) ${sign} CAST(${right} AS text)${collation(operator)}`
  },
}

/** A uuid or enum column refuses to be compared with text that is none; as text it just differs. */
function postgresText(kind: ColumnKind, column: string): string {
  return kind === 'text' ? column : `CAST(${column} AS text)`
}

/** Equality goes by letters in every deterministic collation, and an index of the column's own serves it. */
function collation(operator: Comparison): string {
  return operator === 'equal' ? '' : ' COLLATE "C"'
}

const MYSQL: Dialect = {
  compareValue(kind, operator, column, value, bind) {
    const sign = SIGNS[operator]
    if (kind === 'time') return withinMilliseconds(operator, column, value as Date, bind)
    if (!isText(kind)) return `${column} ${sign} ${bind(value)}`
    const exact = `${mysqlBytes(column)} ${sign} ${mysqlBytes(bind(value))}`
    // What is equal by its letters is equal in every collation, and the first half finds it by an index.
    return operator === 'equal' && kind === 'text' ? `${column} = ${bind(value)} AND ${exact}` : exact
  },
  compareColumns(kind, operator, left, right) {
    const sign = SIGNS[operator]
    if (isText(kind)) return `${mysqlBytes(left)} ${sign} ${mysqlBytes(right)}`
    if (kind === 'time') return `${mysqlTime(left)} ${sign} ${mysqlTime(right)}`
    return `${left} ${sign} ${right}`
  },
}

function mysqlBytes(expression: string): string {
  return `CAST(CONVERT(${expression} USING utf8mb4) AS BINARY)`
}

function mysqlTime(column: string): string {
  return `LEFT(DATE_FORMAT(${column}, '%Y-%m-%d %H:%i:%s.%f'), 23)`
}

/** @param type - Of TypeORM's data source. */
export function dialectOf(type: string): Dialect {
  if (type === 'postgres') return POSTGRES
  return type === 'mysql' || type === 'mariadb' ? MYSQL : SQLITE
}
