/** One difference between two contracts. */
import type { ChangeKind, Severity } from './change-kinds.ts'

export interface Change {
  /** Names the change in waivers: the same difference has the same id. */
  readonly id: string
  readonly kind: ChangeKind
  readonly severity: Severity
  /** The version of the API, where it has several. */
  readonly version: string | undefined
  /** `PATCH /tickets/{id}`; unset for changes of the API as a whole. */
  readonly operation: string | undefined
  /** Where in the operation: `body.address.zip`, `query.page`, `200.items.*.title`. */
  readonly where: string
  /** In one sentence. */
  readonly text: string
  /** What would make it safe; unset where it is. */
  readonly fix: string | undefined
  /** Whom it concerns. */
  readonly affects: string
  /** Where it was made: the handler or the model, as far as it is known. */
  readonly at: string | undefined
}
