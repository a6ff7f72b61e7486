/** The conversation about a ticket. */
import { Clock, Service } from 'tenon'
import { Access } from 'tenon/access'
import { Transactional, type CursorPage } from 'tenon/data'

import { TicketClosed } from '../tickets/tickets-errors.ts'
import { TicketsService } from '../tickets/tickets-service.ts'
import { CommentRepository } from './comment-repository.ts'
import { CommentQuery } from './comment-view.ts'
import { Comment } from './comment.ts'
import { NewComment } from './new-comment.ts'

@Service()
export class CommentsService {
  readonly #comments: CommentRepository
  readonly #tickets: TicketsService
  readonly #access: Access
  readonly #clock: Clock

  constructor(comments: CommentRepository, tickets: TicketsService, access: Access, clock: Clock) {
    this.#comments = comments
    this.#tickets = tickets
    this.#access = access
    this.#clock = clock
  }

  /** Of those that the caller may read. */
  list(ticketId: number, { after, size }: CommentQuery): Promise<CursorPage<Comment>> {
    return this.#comments
      .where({ ticketId })
      .where(this.#access.visible(Comment, 'read'))
      .with({ author: true })
      .orderBy({ id: 'ASC' })
      .paginateByCursor({ size, ...(after !== undefined && { after }) })
  }

  /** @throws `DESK_TICKET_CLOSED` */
  @Transactional()
  async add(authorId: string, ticketId: number, { body, isInternal }: NewComment): Promise<Comment> {
    const ticket = await this.#tickets.get(ticketId)
    if (ticket.state === 'closed') throw new TicketClosed(ticketId)
    const createdAt = this.#clock.now()
    // `null` was sent by whoever means the default, too.
    const { id } = await this.#comments.insert({
      ticketId,
      authorId,
      body,
      isInternal: isInternal ?? false,
      createdAt,
    })
    await this.#tickets.noteComment(ticket, authorId)
    return this.#comments.findOrFail(id, { relations: { author: true } })
  }
}
