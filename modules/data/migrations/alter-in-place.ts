/** Puts our way of changing a column before that of TypeORM's runner, which drops it and makes it anew. */
import { TableColumn, type DataSource, type QueryRunner, type Table } from 'typeorm'

import { SqliteDataSource } from '../sqlite/sqlite-data-source.ts'
import { changeInPlace } from './change-column.ts'
import { remember } from './remembered.ts'

/** Data that a change loses or may lose, in words. */
export type Loss = string

interface ColumnChange {
  readonly oldColumn: TableColumn
  readonly newColumn: TableColumn
}

/** @param losses - Takes what its changes lose. */
export function alterInPlace(source: DataSource, runner: QueryRunner, losses: Loss[]): void {
  const changeColumns = runner.changeColumns.bind(runner)
  const changeColumn = runner.changeColumn.bind(runner)
  runner.changeColumns = async (table, changes) => {
    for (const change of changes) {
      losses.push(...lossesOf(table as Table, change))
      fillEmpty(source, runner, table as Table, change)
      await dropUnique(source, runner, table as Table, change)
    }
    await changeColumns(table, changes)
  }
  runner.changeColumn = async (table, old, next) => {
    if (!(old instanceof TableColumn)) return changeColumn(table, old, next)
    const { steps, changed } = changeInPlace(source, runner, table as Table, old, next)
    for (const { up, down } of steps) remember(runner, up, down)
    return changeColumn(table, changed, next)
  }
}

/** Columns that must have a value from now on get their default where they have none. */
function fillEmpty(
  { driver }: DataSource,
  runner: QueryRunner,
  table: Table,
  { oldColumn, newColumn }: ColumnChange,
): void {
  const { default: value } = newColumn as { readonly default?: unknown }
  if (!oldColumn.isNullable || newColumn.isNullable || typeof value !== 'string') return
  const name = driver.escape(newColumn.name)
  const path = table.name
    .split('.')
    .map((part) => driver.escape(part))
    .join('.')
  remember(runner, `UPDATE ${path} SET ${name} = ${value} WHERE ${name} IS NULL`, undefined)
}

/** SQLite's runner keeps the constraint of a column that is no longer unique. */
async function dropUnique(
  source: DataSource,
  runner: QueryRunner,
  table: Table,
  { oldColumn, newColumn }: ColumnChange,
): Promise<void> {
  if (!(source instanceof SqliteDataSource) || !oldColumn.isUnique || newColumn.isUnique) return
  const unique = table.uniques.find(({ columnNames }) => columnNames.length === 1 && columnNames[0] === oldColumn.name)
  if (unique) await runner.dropUniqueConstraint(table, unique)
}

function lossesOf(table: Table, { oldColumn, newColumn }: ColumnChange): Loss[] {
  const losses: Loss[] = []
  const column = `${table.name}.${newColumn.name}`
  const longest = Math.max(0, ...(oldColumn.enum ?? []).map((value) => value.length))
  const [was, is] = [longest || Number(oldColumn.length), Number(newColumn.length)]
  if (is > 0 && (was > is || (was === 0 && oldColumn.type === newColumn.type))) {
    losses.push(`column ${column} becomes shorter, and longer values do not fit`)
  }
  const gone = (oldColumn.enum ?? []).filter((value) => newColumn.enum && !newColumn.enum.includes(value))
  if (gone.length > 0) losses.push(`column ${column} can no longer hold ${gone.join(', ')}`)
  return losses
}
