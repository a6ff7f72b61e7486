/** `@Authorize`: a permission, a requirement put together from others, or an action on a resource. */
import { MetadataKey, type Class } from '../metadata.ts'
import { ACCESS, annotateEach } from './access-group.ts'
import { permission, type Requirement } from './condition.ts'

/** What `definePolicy` answers, or a class marked `@Policy`. */
export type PolicyReference = object

/** Which row an action is on. Without any of these the endpoint is about many: the caller must be able to do it to some. */
export interface ResourceOptions {
  /** The name of the parameter (`@Param('id')`) that holds the primary key; the row is loaded by the data module. */
  readonly by?: string
  /** The class of a provider with `load(context)`, for other ways to find the row. */
  readonly load?: Class<ResourceLoader>
  /** What happens to fields of the body that the caller may not write. Default: `refuse` with 403. */
  readonly fields?: 'refuse' | 'drop'
}

/** Finds the row an endpoint is about, by what the call has bound already (`context.args`). */
export interface ResourceLoader {
  load(context: never): unknown
}

export type AuthorizeFact =
  | { readonly requirement: Requirement }
  | { readonly policy: PolicyReference; readonly action: string; readonly resource: ResourceOptions }

export const AUTHORIZED = new MetadataKey<readonly AuthorizeFact[]>('access.authorize', ACCESS)

/** @param requirement - The name of a permission, or `anyOf(role('admin'), permission('tickets:delete'))`. */
export function Authorize(requirement: string | Requirement): ClassDecorator & MethodDecorator
/** @example `@Authorize(TicketPolicy, 'update', { by: 'id' })` */
export function Authorize(
  policy: PolicyReference,
  action: string,
  resource?: ResourceOptions,
): ClassDecorator & MethodDecorator
export function Authorize(
  what: string | Requirement | PolicyReference,
  action?: string,
  resource: ResourceOptions = {},
): ClassDecorator & MethodDecorator {
  if (action !== undefined) return annotateEach(AUTHORIZED, { policy: what as PolicyReference, action, resource })
  const requirement = typeof what === 'string' ? permission(what) : (what as Requirement)
  return annotateEach(AUTHORIZED, { requirement })
}
