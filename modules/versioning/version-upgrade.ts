/** What a class with `@Upgrade` has: one of the two, or both. */
import type { RawInput, StandIns } from 'tenon'

export interface VersionUpgrade {
  /** A request of the older version as one of the newer: body and query as they came, before validation. Pure. */
  request?(input: RawInput): RawInput
  /** An answer of the newer version as one of the older: what would have been written as JSON. Pure. */
  response?(body: never): unknown
  /**
   * What documents of the older version show: by each class of the newer, the one in its place.
   * @example `new Map([[TicketView, TicketOfVersion1], [CommentPage, [CommentView]]])`
   */
  readonly models?: StandIns
}
