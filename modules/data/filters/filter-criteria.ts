/** The criteria that the filters of an entity, and the owner of its rows, add to one statement. */
import { tryCtx } from 'tenon'
import { FILTERS } from 'tenon/decorators'
import { IsNull, type EntityMetadata, type ObjectLiteral } from 'typeorm'

import { requireValues } from '../criteria.ts'
import { FilterOnRelation } from '../query/query-errors.ts'
import { OwnedRows } from '../owners/owned-rows.ts'
import { requireHere } from '../owners/tables-apart.ts'
import { isLeftOut, SOFT_DELETE } from './left-out.ts'

/** What a filter is asked for. */
export interface FilteredStatement {
  /** `read` for everything that selects, joins and subqueries of other statements included. */
  readonly kind: 'read' | 'update' | 'delete'
  readonly metadata: EntityMetadata
}

const KINDS: Readonly<Record<string, FilteredStatement['kind']>> = {
  update: 'update',
  restore: 'update',
  'soft-delete': 'delete',
  delete: 'delete',
}

/** Statements that TypeORM does not keep away from deleted rows by itself. */
const WRITES = new Set(['update', 'delete', 'soft-delete'])

/** @throws `DATA_CRITERIA_MISSING` for a filter that answers no value, `DATA_FILTER_ON_RELATION`, `DATA_ROWS_ELSEWHERE` */
export function filterCriteria(metadata: EntityMetadata, queryType: string): readonly ObjectLiteral[][] {
  const { target, deleteDateColumn } = metadata
  const own = typeof target === 'function' ? FILTERS.read(target) : []
  const criteria = own
    .filter(({ name }) => !isLeftOut(name))
    .map(({ name, criteria: answer }) => {
      const call = `@Filter('${name}') of ${metadata.name}`
      const statement: FilteredStatement = { kind: KINDS[queryType] ?? 'read', metadata }
      const found: unknown = answer(target as never, tryCtx() as never, statement as never)
      requireValues(call, found)
      const alternatives = (Array.isArray(found) ? found : [found]) as ObjectLiteral[]
      for (const each of alternatives) requireColumns(call, metadata, each)
      return alternatives
    })
  if (deleteDateColumn && WRITES.has(queryType) && !isLeftOut(SOFT_DELETE)) {
    criteria.push([{ [deleteDateColumn.propertyPath]: IsNull() }])
  }
  const owned = OwnedRows.of(metadata.dataSource)?.criteria(metadata)
  if (owned) criteria.push([owned])
  requireHere(metadata)
  return criteria.filter((alternatives) => !alternatives.some((each) => Object.keys(each).length === 0))
}

function requireColumns(call: string, metadata: EntityMetadata, criteria: ObjectLiteral): void {
  for (const name of Object.keys(criteria)) {
    const column = metadata.findColumnWithPropertyName(name)
    if (!column || column.relationMetadata) throw new FilterOnRelation(call, name)
  }
}
