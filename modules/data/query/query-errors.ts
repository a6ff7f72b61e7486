/** What a query cannot be asked. */
import { defineError } from 'tenon'

export const OrderInvalid = defineError({
  code: 'DATA_ORDER_INVALID',
  status: 400,
  message: (entity: string, path: string, reason: string) =>
    `${entity} cannot be ordered by ${JSON.stringify(path.slice(0, 80))}: it ${reason}.`,
  help: 'Order by columns of the entity, each with ASC or DESC.',
})

export const FilterOnRelation = defineError({
  code: 'DATA_FILTER_ON_RELATION',
  status: 500,
  message: (filter: string, property: string) => `${filter} names ${property}, which is no column of the entity.`,
  help: 'Filter by columns; for a relation, map its key as a column of its own.',
})

export const CursorInvalid = defineError({
  code: 'DATA_CURSOR_INVALID',
  status: 400,
  message: () => 'The cursor was not given by this list, or the list is asked for in another order.',
  help: 'Begin again without a cursor.',
})

export const CursorOrderNullable = defineError({
  code: 'DATA_CURSOR_ORDER_NULLABLE',
  status: 500,
  message: (column: string) =>
    `${column} may be empty, and databases do not agree where empty values stand in an order.`,
  help: 'Order pages by cursor by columns that always have a value, or use pages by number.',
})

export const SqlValueMissing = defineError({
  code: 'DATA_SQL_VALUE_MISSING',
  status: 500,
  message: (position: number) => `Value ${position} of an sql template is undefined or an empty list.`,
  help: 'Give null for an empty column, and ask for an empty list in code.',
})
