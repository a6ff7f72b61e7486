/** Tickets are asked for by customers, and moved and assigned by agents. Who may, the policy has decided before. */
import { Clock, Service } from 'tenon'
import { Access } from 'tenon/access'
import { History, Transactional, type EntityChange, type Page } from 'tenon/data'

import { UserRepository } from '../accounts/user-repository.ts'
import { filterOf, orderOf, TicketQuery } from './ticket-query.ts'
import { TicketRepository } from './ticket-repository.ts'
import { NewTicket, TicketChanges } from './ticket-requests.ts'
import { statesAfter, type TicketState } from './ticket-states.ts'
import { Ticket } from './ticket.ts'
import { AssigneeUnsuitable, TicketClosed, TransitionRefused } from './tickets-errors.ts'

const PEOPLE = { requester: true, assignee: true } as const

@Service()
export class TicketsService {
  readonly #tickets: TicketRepository
  readonly #users: UserRepository
  readonly #access: Access
  readonly #history: History
  readonly #clock: Clock

  constructor(tickets: TicketRepository, users: UserRepository, access: Access, history: History, clock: Clock) {
    this.#tickets = tickets
    this.#users = users
    this.#access = access
    this.#history = history
    this.#clock = clock
  }

  /** Of those that the caller may read. */
  list(query: TicketQuery): Promise<Page<Ticket>> {
    const { page, size } = query
    const where = { ...filterOf(query), ...this.#access.visible(Ticket, 'read') }
    return this.#tickets.paginate({ page, size, where, order: orderOf(query), relations: PEOPLE })
  }

  /** @throws `DATA_ENTITY_NOT_FOUND` */
  get(id: number): Promise<Ticket> {
    return this.#tickets.findOrFail(id, { relations: PEOPLE })
  }

  /** What has become of a ticket, newest first. */
  history(id: number, before: number | undefined): Promise<readonly EntityChange[]> {
    return this.#history.of(Ticket, id, { ...(before !== undefined && { before }) })
  }

  @Transactional()
  async open(requesterId: string, { subject, description, priority }: NewTicket): Promise<Ticket> {
    const now = this.#clock.now()
    const { id } = await this.#tickets.insert({
      requesterId,
      assigneeId: null,
      subject,
      description,
      internalNotes: null,
      priority,
      state: 'open',
      createdAt: now,
      updatedAt: now,
    })
    return this.get(id)
  }

  /**
   * @param version - The one the caller has seen; without it, whatever is there is changed.
   * @throws `DESK_TICKET_CLOSED`, `DESK_ASSIGNEE_UNSUITABLE`, `DATA_VERSION_CONFLICT`
   */
  @Transactional()
  async change(id: number, changes: TicketChanges, version?: number): Promise<Ticket> {
    const { subject, priority, assigneeId, internalNotes } = changes
    const { organisationId, state } = await this.get(id)
    if (state === 'closed') throw new TicketClosed(id)
    if (assigneeId) await this.#requireAgent(organisationId, assigneeId)
    const values = {
      ...(subject && { subject }),
      ...(priority && { priority }),
      ...(assigneeId !== undefined && { assigneeId }),
      ...(internalNotes !== undefined && { internalNotes }),
      updatedAt: this.#clock.now(),
    }
    if (version === undefined) await this.#tickets.update(id, values)
    else await this.#tickets.updateVersion(id, version, values)
    return this.get(id)
  }

  /** @throws `DESK_TRANSITION_REFUSED` */
  @Transactional({ retry: 2 })
  async move(id: number, to: TicketState): Promise<Ticket> {
    const ticket = await this.get(id)
    const isPossible = statesAfter(ticket.state).includes(to)
    if (!isPossible || !(await this.#tickets.move(ticket, to, this.#clock.now()))) {
      throw new TransitionRefused(id, ticket.state, to)
    }
    return this.get(id)
  }

  /** Notes that something was said; its customer's answer takes a ticket that waits for it back to work. */
  async noteComment({ id, state, requesterId }: Ticket, authorId: string): Promise<void> {
    const isAnswer = state === 'pending' && authorId === requesterId
    await this.#tickets.update(id, { ...(isAnswer && { state: 'open' as const }), updatedAt: this.#clock.now() })
  }

  async #requireAgent(organisationId: string, id: string): Promise<void> {
    const member = await this.#users.findMember(organisationId, id)
    const isSuitable = member?.disabledAt === null && member.roles.some((role) => role !== 'customer')
    if (!isSuitable) throw new AssigneeUnsuitable(id)
  }
}
