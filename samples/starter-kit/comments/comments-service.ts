/** The conversation about a ticket. */
import { Clock, Service } from 'tenon'
import { Transactional } from 'tenon/data'

import type { Caller } from '../access/caller.ts'
import { TicketClosed } from '../tickets/tickets-errors.ts'
import { TicketsService } from '../tickets/tickets-service.ts'
import { CommentRepository } from './comment-repository.ts'
import { Comment } from './comment.ts'
import { InternalNoteRefused } from './comments-errors.ts'
import { NewComment } from './new-comment.ts'

@Service()
export class CommentsService {
  readonly #comments: CommentRepository
  readonly #tickets: TicketsService
  readonly #clock: Clock

  constructor(comments: CommentRepository, tickets: TicketsService, clock: Clock) {
    this.#comments = comments
    this.#tickets = tickets
    this.#clock = clock
  }

  /** @throws `DESK_TICKET_NOT_FOUND` */
  async list(caller: Caller, ticketId: number): Promise<Comment[]> {
    const ticket = await this.#tickets.get(caller, ticketId)
    return this.#comments.listOf(ticket.id, { withInternal: isAgent(caller) })
  }

  /** @throws `DESK_TICKET_NOT_FOUND`, `DESK_TICKET_CLOSED`, `DESK_INTERNAL_NOTE_REFUSED` */
  @Transactional()
  async add(caller: Caller, ticketId: number, { body, isInternal }: NewComment): Promise<Comment> {
    if (isInternal && !isAgent(caller)) throw new InternalNoteRefused()
    const ticket = await this.#tickets.get(caller, ticketId)
    if (ticket.state === 'closed') throw new TicketClosed(ticketId)
    const createdAt = this.#clock.now()
    const { id } = await this.#comments.insert({ ticketId, authorId: caller.id, body, isInternal, createdAt })
    await this.#tickets.noteComment(caller, ticket)
    return this.#comments.findOrFail(id, { relations: { author: true } })
  }
}

/** Everybody but the customers works here. */
function isAgent({ role }: Caller): boolean {
  return role !== 'customer'
}
