import { Module } from 'tenon'

import { TicketsModule } from '../tickets/tickets-module.ts'
import { CommentRepository } from './comment-repository.ts'
import { CommentsController } from './comments-controller.ts'
import { CommentsService } from './comments-service.ts'

@Module({
  imports: [TicketsModule],
  controllers: [CommentsController],
  providers: [CommentsService, CommentRepository],
})
export class CommentsModule {}
