/** Errors as data: a code that never changes, a sentence on what is wrong, and the next thing to do. */
import type { ProblemError } from './problem.ts'

/** Every error the framework raises. `message` and `help` may reach callers; `cause` stays in the log. */
export abstract class TenonError extends Error {
  /** Stable for ever, `AREA_WHAT_HAPPENED`. */
  abstract readonly code: string
  /** HTTP status it becomes at the edge. */
  abstract readonly status: number
  /** What to do about it, in one sentence. */
  abstract readonly help: string
  /** What is wrong where, for errors about input. */
  readonly errors: readonly ProblemError[] | undefined
  /** Headers of the answer, such as `WWW-Authenticate`. */
  readonly headers: Readonly<Record<string, string>> | undefined

  /** Further members of the problem (RFC 9457 §3.2). */
  readonly extensions: Readonly<Record<string, unknown>> | undefined

  /** Attaches what led here; for the log only. */
  causedBy(cause: unknown): this {
    this.cause = cause
    return this
  }
}

/** An error class made by `defineError`. */
export interface DefinedError<A extends readonly unknown[]> {
  new (...args: A): TenonError
  readonly code: string
  readonly status: number
  readonly help: string
  /** Which headers the answer may have, in lower case. */
  readonly headerNames: readonly string[]
  /** What its further members are, for documents. */
  readonly members: MemberSchema | undefined
}

/** JSON Schema 2020-12 of an object. */
export interface MemberSchema {
  readonly properties: Readonly<Record<string, Readonly<Record<string, unknown>>>>
  readonly required?: readonly string[]
}

export interface ErrorDefinition<A extends readonly unknown[]> {
  readonly code: string
  readonly status: number
  readonly message: (...args: A) => string
  readonly help: string
  /** What is wrong where; given by errors about input. */
  readonly errors?: (...args: A) => readonly ProblemError[]
  /**
   * Headers of the answer by lower-case name, such as `www-authenticate` (RFC 9110 §11.6.1) or `retry-after`; documents
   * name them. `undefined` leaves one out.
   */
  readonly headers?: Readonly<Record<string, (...args: A) => string | undefined>>
  /** Further members of the problem (RFC 9457 §3.2); they reach callers below 500. */
  readonly extensions?: (...args: A) => Readonly<Record<string, unknown>>
  /** What these are, for documents and clients. */
  readonly members?: MemberSchema
}

/**
 * Makes an error class.
 * @example
 * export const TenantMissing = defineError({
 *   code: 'TENANCY_TENANT_MISSING', status: 400,
 *   message: (route: string) => `${route} belongs to a tenant, and the request names none.`,
 *   help: 'Send the header.',
 * })
 */
export function defineError<A extends readonly unknown[]>(definition: ErrorDefinition<A>): DefinedError<A> {
  const { code, status, message, help, errors, headers, extensions, members } = definition
  const headerMakers = Object.entries(headers ?? {})
  return class extends TenonError {
    static readonly code = code
    static readonly status = status
    static readonly help = help
    static readonly headerNames = headerMakers.map(([name]) => name)
    static readonly members = members
    readonly code = code
    readonly status = status
    readonly help = help
    override readonly errors: readonly ProblemError[] | undefined
    override readonly headers: Readonly<Record<string, string>> | undefined
    override readonly extensions: Readonly<Record<string, unknown>> | undefined

    constructor(...args: A) {
      super(message(...args))
      this.name = code
      if (errors) this.errors = errors(...args)
      if (headers) this.headers = headersOf(headerMakers, args)
      if (extensions) this.extensions = extensions(...args)
    }
  }
}

function headersOf<A extends readonly unknown[]>(
  makers: readonly (readonly [string, (...args: A) => string | undefined])[],
  args: A,
): Readonly<Record<string, string>> {
  const made: Record<string, string> = {}
  for (const [name, make] of makers) {
    const value = make(...args)
    if (value !== undefined) made[name] = value
  }
  return made
}
