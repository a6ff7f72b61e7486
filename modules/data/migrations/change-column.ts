/** A column's type and length, changed with its data kept. SQLite copies the table, which needs no help from here. */
import { TableColumn, type DataSource, type QueryRunner, type Table } from 'typeorm'

export interface InPlace {
  readonly steps: readonly { readonly up: string; readonly down: string }[]
  /** The column as it is after these steps: what remains to be changed is TypeORM's. */
  readonly changed: TableColumn
}

/** The parts of TypeORM's query runners that make SQL of columns. */
interface ColumnSql {
  escapePath(table: Table): string
  buildCreateColumnSql(column: TableColumn, skipPrimary: boolean, skipName?: boolean): string
  buildEnumName(table: Table, column: TableColumn): string
  createEnumTypeSql(table: Table, column: TableColumn): { readonly query: string }
  dropEnumTypeSql(table: Table, column: TableColumn): { readonly query: string }
}

export function changeInPlace(
  source: DataSource,
  runner: QueryRunner,
  table: Table,
  old: TableColumn,
  next: TableColumn,
): InPlace {
  const differs = old.type !== next.type || old.length !== next.length
  const isComputed = old.generatedType !== undefined || next.generatedType !== undefined
  if (!differs || isComputed || old.isArray !== next.isArray) return { steps: [], changed: old }
  const sql = runner as unknown as ColumnSql
  if (source.options.type === 'postgres') return onPostgres(source, sql, table, old, next)
  return source.options.type === 'mysql' || source.options.type === 'mariadb'
    ? onMysql(sql, table, old, next)
    : { steps: [], changed: old }
}

function onPostgres(source: DataSource, sql: ColumnSql, table: Table, old: TableColumn, next: TableColumn): InPlace {
  const steps: { up: string; down: string }[] = []
  const alter = `ALTER TABLE ${sql.escapePath(table)} ALTER COLUMN "${old.name}"`
  const typeOf = (column: TableColumn): string =>
    isEnum(column) ? sql.buildEnumName(table, column) : source.driver.createFullType(column)
  const convert = (type: string): string => {
    const through = isEnum(old) || isEnum(next) ? '::text' : ''
    return `${alter} TYPE ${type} USING "${old.name}"${through}::${type}`
  }
  // A default cannot always be cast with its column; it is set again afterwards.
  const { default: before } = old as { readonly default?: string }
  const hasDefault = before !== undefined && before !== null && !old.isGenerated
  if (hasDefault) steps.push({ up: `${alter} DROP DEFAULT`, down: `${alter} SET DEFAULT ${before}` })
  const made = isEnum(next) && !isEnum(old)
  if (made) {
    steps.push({ up: sql.createEnumTypeSql(table, next).query, down: sql.dropEnumTypeSql(table, next).query })
  }
  steps.push({ up: convert(typeOf(next)), down: convert(typeOf(old)) })
  if (isEnum(old) && !isEnum(next)) {
    steps.push({ up: sql.dropEnumTypeSql(table, old).query, down: sql.createEnumTypeSql(table, old).query })
  }
  const changed = withType(old, next)
  if (hasDefault) changed.default = undefined
  return { steps, changed }
}

function onMysql(sql: ColumnSql, table: Table, old: TableColumn, next: TableColumn): InPlace {
  const change = `ALTER TABLE ${sql.escapePath(table)} CHANGE \`${old.name}\` `
  const changed = next.clone()
  for (const property of ['isPrimary', 'isUnique', 'isGenerated'] as const) changed[property] = old[property]
  return {
    steps: [
      {
        up: change + sql.buildCreateColumnSql(next, true),
        down: change + sql.buildCreateColumnSql(old, true),
      },
    ],
    changed,
  }
}

function withType(old: TableColumn, next: TableColumn): TableColumn {
  const changed = old.clone()
  const { type, length, precision, scale } = next
  Object.assign(changed, { type, length, precision, scale, enum: next.enum, enumName: next.enumName })
  return changed
}

function isEnum(column: TableColumn): boolean {
  return column.type === 'enum' || column.type === 'simple-enum'
}
