/** What callers may rely on: the document, and who may call what. */
import type { OpenApiDocument } from 'tenon/openapi'

export interface Contract {
  /** Of the API; unset where it has none. */
  readonly version: string | undefined
  /** By `GET /tickets/{id}`. */
  readonly operations: Readonly<Record<string, OperationFacts>>
  readonly document: OpenApiDocument
}

/** What documents do not tell. */
export interface OperationFacts {
  /** `TicketsController.get` */
  readonly handler: string
  /** What is demanded of callers, in sentences: `requires the role admin`. */
  readonly access: readonly string[]
}
