/** Who may read and write what is said about a ticket. */
import { definePolicy, known, role } from 'tenon/access'

import { Comment } from './comment.ts'

export const CommentPolicy = definePolicy(Comment, (user, comment, { allow, deny }) => {
  allow('read').when(comment.ticket.requesterId.equals(user.id), comment.isInternal.equals(false))
  allow('read').when(role('agent'))
  allow('create').when(known())
  deny('create').fields('isInternal').unless(role('agent')).because('notes are written by agents, for agents')
})
