/**
 * Tickets, always as somebody sees them: customers their own, agents and admins all of their organisation.
 * Every read and write goes through `visibleTo`.
 */
import { BaseRepository, Raw, Repository, type FindOptionsWhere, type Page } from 'tenon/data'

import type { Caller } from '../access/caller.ts'
import { MAXIMUM_PAGE_SIZE, TicketQuery, type SortKey } from './ticket-query.ts'
import type { TicketState } from './ticket-states.ts'
import { Ticket } from './ticket.ts'

const PEOPLE = { requester: true, assignee: true } as const

@Repository(Ticket)
export class TicketRepository extends BaseRepository<Ticket> {
  protected override readonly maximumPageSize = MAXIMUM_PAGE_SIZE

  findVisible(caller: Caller, id: number): Promise<Ticket | null> {
    return this.findOne({ where: { ...visibleTo(caller), id }, relations: PEOPLE })
  }

  pageVisible(caller: Caller, query: TicketQuery): Promise<Page<Ticket>> {
    const { page, size, sort } = query
    const isDescending = sort.startsWith('-')
    const key = sort.replace('-', '') as SortKey
    // The caller's limits come last: nothing that is asked for can widen them.
    const where = { ...filterOf(query), ...visibleTo(caller) }
    return this.paginate({ page, size, where, order: { [key]: isDescending ? 'DESC' : 'ASC' }, relations: PEOPLE })
  }

  changeVisible(caller: Caller, id: number, changes: Partial<Ticket>): Promise<number> {
    return this.update({ ...visibleTo(caller), id }, changes)
  }

  /** @throws `DATA_VERSION_CONFLICT` when the ticket has been changed since this version. */
  changeVersion(caller: Caller, id: number, version: number, changes: Partial<Ticket>): Promise<Ticket> {
    return this.updateVersion({ ...visibleTo(caller), id }, version, changes)
  }

  /** Only from the state the caller saw: of two who move it at once, one is refused. */
  async move({ organisationId, id, state }: Ticket, to: TicketState, updatedAt: Date): Promise<boolean> {
    return (await this.update({ organisationId, id, state }, { state: to, updatedAt })) === 1
  }
}

function visibleTo({ id, role, organisationId }: Caller): FindOptionsWhere<Ticket> {
  return role === 'customer' ? { organisationId, requesterId: id } : { organisationId }
}

function filterOf({ state, priority, assigneeId, requesterId, search }: TicketQuery): FindOptionsWhere<Ticket> {
  return {
    ...(state && { state }),
    ...(priority && { priority }),
    ...(assigneeId && { assigneeId }),
    ...(requesterId && { requesterId }),
    ...(search && { subject: containing(search) }),
  }
}

/** `%` and `_` in what is looked for mean themselves. */
function containing(text: string) {
  const pattern = `%${text.replaceAll(/[!%_]/g, '!$&')}%`
  return Raw<string>((column) => `LOWER(${column}) LIKE LOWER(:pattern) ESCAPE '!'`, { pattern })
}
