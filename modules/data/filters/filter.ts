/** `@Filter` with the types of the call's context and of criteria. */
import type { CallContext } from 'tenon'
import { Filter as untyped, type Class } from 'tenon/decorators'
import type { ObjectLiteral } from 'typeorm'

import type { Where } from '../criteria.ts'
import type { FilteredStatement } from './filter-criteria.ts'

/**
 * Adds the criteria to every read, update and delete of the entity: finds, builders, joins, loaded relations, counts.
 * @param criteria - Of the entity's own columns; `{}` where nothing is to be filtered. The context is missing outside of calls.
 *   The third argument says what the statement does, for filters that differ for reads and writes.
 * @example `@Filter('published', () => ({ state: 'published' })) @Entity() class Article { … }`
 */
export function Filter<E extends ObjectLiteral = ObjectLiteral>(
  name: string,
  criteria: (entity: Class<E>, context: CallContext | undefined, statement: FilteredStatement) => Where<E>,
): (target: Class<E>) => void {
  return untyped(name, criteria)
}
