import { Body, Controller, CurrentUser, Get, Param, Post, Query, Returns, Throws, type Principal } from 'tenon'
import { Authorize } from 'tenon/access'
import { CursorInvalid, type CursorPage } from 'tenon/data'
import { TenantScoped } from 'tenon/tenancy'
import { Version } from 'tenon/versioning'

import { TicketPolicy } from '../tickets/ticket-policy.ts'
import { TicketClosed } from '../tickets/tickets-errors.ts'
import { CommentPolicy } from './comment-policy.ts'
import { CommentPage, CommentQuery, CommentView } from './comment-view.ts'
import { Comment } from './comment.ts'
import { CommentsService } from './comments-service.ts'
import { NewComment } from './new-comment.ts'

@Controller({ path: '/api/tickets/:id/comments', tags: ['Comments'] })
@Version('1', '2')
@TenantScoped()
export class CommentsController {
  readonly #comments: CommentsService

  constructor(comments: CommentsService) {
    this.#comments = comments
  }

  @Get()
  @Authorize('tickets:read')
  @Authorize(TicketPolicy, 'read', { by: 'id' })
  @Authorize(CommentPolicy, 'read')
  @Returns(CommentPage)
  @Throws(CursorInvalid)
  list(@Param('id') ticketId: number, @Query() query: CommentQuery): Promise<CursorPage<Comment>> {
    return this.#comments.list(ticketId, query)
  }

  @Post()
  @Authorize('tickets:write')
  @Authorize(TicketPolicy, 'comment', { by: 'id' })
  @Authorize(CommentPolicy, 'create')
  @Returns(CommentView)
  @Throws(TicketClosed)
  add(@Param('id') ticketId: number, @Body() comment: NewComment, @CurrentUser() { id }: Principal): Promise<Comment> {
    return this.#comments.add(id, ticketId, comment)
  }
}
