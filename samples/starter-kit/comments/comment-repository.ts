import { BaseRepository, Repository } from 'tenon/data'

import { Comment } from './comment.ts'

@Repository(Comment)
export class CommentRepository extends BaseRepository<Comment> {}
