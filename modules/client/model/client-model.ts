/** What a client is made of, whatever its language. */
import type { JsonSchema } from 'tenon/openapi'

export interface ClientModel {
  readonly title: string
  readonly version: string
  readonly models: readonly NamedSchema[]
  readonly groups: readonly ClientGroup[]
}

export interface NamedSchema {
  readonly name: string
  readonly schema: JsonSchema
}

/** The operations of one tag, `client.tickets`, or of a part of it, `client.accounts.sessions`. */
export interface ClientGroup {
  readonly name: string
  readonly description: string | undefined
  readonly operations: readonly ClientOperation[]
  readonly groups: readonly ClientGroup[]
}

export interface ClientOperation {
  /** `get` of `client.tickets.get`. */
  readonly name: string
  /** `TicketsGet`: what its types are called. */
  readonly typeName: string
  readonly method: string
  /** `/tickets/{id}` */
  readonly path: string
  readonly summary: string
  readonly description: string | undefined
  readonly isDeprecated: boolean
  /** Callers must be known. */
  readonly isProtected: boolean
  readonly inputs: readonly ClientInput[]
  /** Where the client says by itself which version of the API it means. */
  readonly version: { readonly place: 'header' | 'query'; readonly name: string } | undefined
  /** The header of idempotency keys, where the operation knows one. */
  readonly idempotencyHeader: string | undefined
  readonly body: ClientBody | undefined
  /** Successful answers by status. */
  readonly outputs: readonly ClientOutput[]
  readonly problems: readonly ClientProblem[]
  readonly paging: Paging | undefined
}

export type InputPlace = 'path' | 'query' | 'header' | 'cookie'

export interface ClientInput {
  /** What callers of the client write: `ifMatch`. */
  readonly name: string
  readonly place: InputPlace
  /** What is sent: `if-match`. */
  readonly wireName: string
  readonly isRequired: boolean
  readonly description: string | undefined
  readonly schema: JsonSchema
}

export interface ClientBody {
  readonly form: 'json' | 'form' | 'multipart' | 'text' | 'bytes'
  readonly isRequired: boolean
  readonly schema: JsonSchema
}

export interface ClientOutput {
  readonly status: number
  readonly kind: 'json' | 'text' | 'bytes' | 'events' | 'nothing'
  /** As the document has it; unset where it does not say. */
  readonly mediaType: string | undefined
  /** Of JSON the value; of events what each carries. */
  readonly schema: JsonSchema | undefined
}

export interface ClientProblem {
  readonly code: string
  readonly status: number
  readonly when: string
  /** The answer may say when to try again. */
  readonly isPassing: boolean
  /** What it has besides what all problems have, as an object. */
  readonly members: JsonSchema | undefined
}

/** How the rest of a list is asked for. */
export interface Paging {
  readonly kind: 'page' | 'cursor'
  /** The input that says which part. */
  readonly input: string
  /** What one element is. */
  readonly item: JsonSchema
}
