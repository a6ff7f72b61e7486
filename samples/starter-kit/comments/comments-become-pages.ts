/** Until version 2 all comments of a ticket came in one list; now callers of version 1 get its first page. */
import type { Class, RawInput, StandIns } from 'tenon'
import { Upgrade, type VersionUpgrade } from 'tenon/versioning'

import { CommentPage, CommentQuery, CommentView, MOST_COMMENTS } from './comment-view.ts'
import { CommentsController } from './comments-controller.ts'

/** Nothing chose among them. */
class AllComments {}

@Upgrade('1', '2', [CommentsController, 'list'])
export class CommentsBecomePages implements VersionUpgrade {
  readonly models: StandIns = new Map<Class, Class | [Class]>([
    [CommentPage, [CommentView]],
    [CommentQuery, AllComments],
  ])

  request({ body, query }: RawInput): RawInput {
    return { body, query: { ...query, size: String(MOST_COMMENTS) } }
  }

  response({ items }: { readonly items: readonly unknown[] }): readonly unknown[] {
    return items
  }
}
