/** `definePolicy(..., { filter: true })`: repositories see what the caller may see, update and delete, and nothing else. */
import { ContextKey, type CallContext } from 'tenon'
import type { FilteredStatement } from 'tenon/data'
import { FILTERS, type Class } from 'tenon/decorators'

import type { Access } from '../access.ts'
import { AccessModuleMissing } from '../access-errors.ts'
import type { ResourcePolicy } from './resource-policy.ts'

/** Under which `repository.without('access', reason)` leaves it out. */
const FILTER = 'access'

/** The application's decisions; set for every call of an application in which rows are filtered. */
export const ACCESS_OF_CALL = new ContextKey<Access>('access.access')

/** Without a call nobody asks: what the application does at boot and in timers is its own. */
export function filterRows(policy: ResourcePolicy): void {
  const criteria = (_entity: Class, context: CallContext | undefined, statement: FilteredStatement): object => {
    if (!context) return {}
    const access = context.get(ACCESS_OF_CALL)
    if (!access) throw new AccessModuleMissing(policy.entity.name)
    return access.criteria(policy, statement.kind, statement.metadata, context.principal) ?? {}
  }
  FILTERS.add({ name: FILTER, criteria }, policy.entity, undefined, policy.at)
}
