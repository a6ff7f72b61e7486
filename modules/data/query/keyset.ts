/**
 * Rows after a row, by the values it has in the order: no row is skipped or seen twice when others come and go, and the
 * last page costs what the first does.
 */
import { Equal, LessThan, MoreThan, Raw, type EntityMetadata, type FindOperator, type ObjectLiteral } from 'typeorm'
import type { ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js'

import type { Where } from '../criteria.ts'
import { CursorOrderNullable } from './query-errors.ts'
import type { CursorValue } from './cursor.ts'

export type Direction = 'ASC' | 'DESC'

export interface OrderedColumn {
  readonly column: ColumnMetadata
  readonly direction: Direction
}

/** The columns of an order, which ends with the primary key. @throws `DATA_CURSOR_ORDER_NULLABLE` */
export function orderedColumns(metadata: EntityMetadata, order: ObjectLiteral): readonly OrderedColumn[] {
  return Object.entries(order).map(([name, direction]) => {
    const column = metadata.findColumnWithPropertyName(name)
    if (!column || column.isNullable || typeof direction !== 'string') {
      throw new CursorOrderNullable(`${metadata.name}.${name}`)
    }
    return { column, direction: direction.toUpperCase() as Direction }
  })
}

/** How a list is called in the signature of its cursors. */
export function printOrder(metadata: EntityMetadata, columns: readonly OrderedColumn[]): string {
  return [metadata.name, ...columns.map(({ column, direction }) => `${column.propertyName} ${direction}`)].join(',')
}

/** Whether the database keeps more of a value than a `Date` can hold, so that it has to be asked for as text. */
export function isTime({ column }: OrderedColumn): boolean {
  return column.type === Date || /date|time/.test(String(column.type))
}

/** Greater in the first column; or equal there and greater in the second; and so on. */
export function rowsAfter<E>(columns: readonly OrderedColumn[], values: readonly CursorValue[]): Where<E> {
  return columns.map((_, last) =>
    Object.fromEntries(
      columns
        .slice(0, last + 1)
        .map((each, index) => [each.column.propertyName, compare(each, values[index] as CursorValue, index === last)]),
    ),
  ) as Where<E>
}

function compare(ordered: OrderedColumn, value: CursorValue, isLast: boolean): FindOperator<unknown> {
  const isRising = ordered.direction === 'ASC'
  if (isTime(ordered)) {
    const sign = isLast ? (isRising ? '>' : '<') : '='
    // TypeORM would cut the text to milliseconds on its way through a Date.
    const name = `after_${ordered.column.propertyName}_${isLast ? 'last' : 'same'}`
    return Raw((path) => `${path} ${sign} :${name}`, { [name]: value })
  }
  if (!isLast) return Equal(value)
  return isRising ? MoreThan(value) : LessThan(value)
}
