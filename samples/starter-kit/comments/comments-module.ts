import { Module } from 'tenon'

import { TicketsModule } from '../tickets/tickets-module.ts'
import { CommentRepository } from './comment-repository.ts'
import { CommentsBecomePages } from './comments-become-pages.ts'
import { CommentsController } from './comments-controller.ts'
import { CommentsService } from './comments-service.ts'

@Module({
  imports: [TicketsModule],
  controllers: [CommentsController],
  providers: [CommentsService, CommentRepository, CommentsBecomePages],
})
export class CommentsModule {}
