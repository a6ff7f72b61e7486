import { BaseRepository, Repository } from 'tenon/data'

import { Comment } from './comment.ts'

/** Comments of tickets that the caller was allowed to find. */
@Repository(Comment)
export class CommentRepository extends BaseRepository<Comment> {
  listOf(ticketId: number, { withInternal }: { readonly withInternal: boolean }): Promise<Comment[]> {
    return this.find({
      where: { ticketId, ...(withInternal ? {} : { isInternal: false }) },
      relations: { author: true },
      order: { createdAt: 'ASC', id: 'ASC' },
    })
  }
}
