/** Tickets are asked for by customers, and moved and assigned by agents. */
import { Clock, Service } from 'tenon'
import { Transactional, type Page } from 'tenon/data'

import type { Caller } from '../access/caller.ts'
import { UserRepository } from '../accounts/user-repository.ts'
import { TicketQuery } from './ticket-query.ts'
import { TicketRepository } from './ticket-repository.ts'
import { NewTicket, TicketChanges } from './ticket-requests.ts'
import { statesAfter, type TicketState } from './ticket-states.ts'
import { Ticket } from './ticket.ts'
import { AssigneeUnsuitable, TicketClosed, TicketNotFound, TransitionRefused } from './tickets-errors.ts'

@Service()
export class TicketsService {
  readonly #tickets: TicketRepository
  readonly #users: UserRepository
  readonly #clock: Clock

  constructor(tickets: TicketRepository, users: UserRepository, clock: Clock) {
    this.#tickets = tickets
    this.#users = users
    this.#clock = clock
  }

  list(caller: Caller, query: TicketQuery): Promise<Page<Ticket>> {
    return this.#tickets.pageVisible(caller, query)
  }

  /** @throws `DESK_TICKET_NOT_FOUND`, also for tickets the caller may not see. */
  async get(caller: Caller, id: number): Promise<Ticket> {
    const ticket = await this.#tickets.findVisible(caller, id)
    if (!ticket) throw new TicketNotFound(id)
    return ticket
  }

  @Transactional()
  async open(caller: Caller, { subject, description, priority }: NewTicket): Promise<Ticket> {
    const now = this.#clock.now()
    const { id } = await this.#tickets.insert({
      organisationId: caller.organisationId,
      requesterId: caller.id,
      assigneeId: null,
      subject,
      description,
      priority,
      state: 'open',
      createdAt: now,
      updatedAt: now,
    })
    return this.get(caller, id)
  }

  /**
   * @param version - The one the caller has seen; without it, whatever is there is changed.
   * @throws `DESK_TICKET_NOT_FOUND`, `DESK_TICKET_CLOSED`, `DESK_ASSIGNEE_UNSUITABLE`, `DATA_VERSION_CONFLICT`
   */
  @Transactional()
  async change(
    caller: Caller,
    id: number,
    { subject, priority, assigneeId }: TicketChanges,
    version?: number,
  ): Promise<Ticket> {
    const { state } = await this.get(caller, id)
    if (state === 'closed') throw new TicketClosed(id)
    if (assigneeId) await this.#requireAgent(caller.organisationId, assigneeId)
    const changes = {
      ...(subject && { subject }),
      ...(priority && { priority }),
      ...(assigneeId !== undefined && { assigneeId }),
      updatedAt: this.#clock.now(),
    }
    if (version === undefined) await this.#tickets.changeVisible(caller, id, changes)
    else await this.#tickets.changeVersion(caller, id, version, changes)
    return this.get(caller, id)
  }

  /** @throws `DESK_TICKET_NOT_FOUND`, `DESK_TRANSITION_REFUSED` */
  @Transactional({ retry: 2 })
  async move(caller: Caller, id: number, to: TicketState): Promise<Ticket> {
    const ticket = await this.get(caller, id)
    const isPossible = statesAfter(ticket.state).includes(to)
    if (!isPossible || !(await this.#tickets.move(ticket, to, this.#clock.now()))) {
      throw new TransitionRefused(id, ticket.state, to)
    }
    return this.get(caller, id)
  }

  /** Notes that something was said; a customer's answer takes a ticket that waits for it back to work. */
  async noteComment(caller: Caller, { id, state }: Ticket): Promise<void> {
    const isAnswer = state === 'pending' && caller.role === 'customer'
    await this.#tickets.changeVisible(caller, id, {
      ...(isAnswer && { state: 'open' as const }),
      updatedAt: this.#clock.now(),
    })
  }

  async #requireAgent(organisationId: string, id: string): Promise<void> {
    const member = await this.#users.findMember(organisationId, id)
    if (!member || member.role === 'customer') throw new AssigneeUnsuitable(id)
  }
}
