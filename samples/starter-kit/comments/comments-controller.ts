import { Body, Controller, CurrentUser, Get, Param, Post, Returns, Throws } from 'tenon'

import type { Caller } from '../access/caller.ts'
import { EVERYONE, Roles } from '../access/roles.ts'
import { TicketClosed, TicketNotFound } from '../tickets/tickets-errors.ts'
import { CommentView } from './comment-view.ts'
import { Comment } from './comment.ts'
import { InternalNoteRefused } from './comments-errors.ts'
import { CommentsService } from './comments-service.ts'
import { NewComment } from './new-comment.ts'

@Controller('/api/tickets/:id/comments')
@Roles(...EVERYONE)
@Throws(TicketNotFound)
export class CommentsController {
  readonly #comments: CommentsService

  constructor(comments: CommentsService) {
    this.#comments = comments
  }

  @Get()
  @Returns(CommentView, { array: true })
  list(@Param('id') ticketId: number, @CurrentUser() caller: Caller): Promise<Comment[]> {
    return this.#comments.list(caller, ticketId)
  }

  @Post()
  @Returns(CommentView)
  @Throws(TicketClosed, InternalNoteRefused)
  add(@Param('id') ticketId: number, @Body() comment: NewComment, @CurrentUser() caller: Caller): Promise<Comment> {
    return this.#comments.add(caller, ticketId, comment)
  }
}
