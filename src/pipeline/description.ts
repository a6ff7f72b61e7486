/**
 * What an interceptor means for those who call an endpoint. Read by documents (OpenAPI, clients, contracts) and by
 * people who ask for a chain; never at run time.
 */
import type { AbstractClass } from '../../decorators/index.ts'
import type { DefinedError, MemberSchema } from '../errors/define-error.ts'

/** Everything is optional: an interceptor says what callers can notice. */
export interface InterceptorDescription {
  /** One sentence without its subject: `requires the role admin`. */
  readonly does?: string
  /**
   * Who may call, in a few words for a table: `role admin`. Empty for what decides nothing of that; where it is left out,
   * links of the phases authenticate and authorize are named by what they do.
   */
  readonly access?: string
  /** Callers are asked to use something else. */
  readonly deprecated?: boolean
  /** What the caller may or must send besides what the handler's parameters say. */
  readonly parameters?: readonly DescribedParameter[]
  /** Scopes that whichever credential is used must not be limited away from. */
  readonly scopes?: readonly string[]
  /** Ways to authenticate: any one of the requirements is enough, all schemes of one are needed together. */
  readonly security?: readonly SecurityRequirement[]
  /** Problems it answers. */
  readonly problems?: readonly DescribedProblem[]
  /** Classes in whose place callers send and read others. */
  readonly standIns?: StandIns
  /** Headers of successful answers, by lower-case name, with what they tell. Those of a refusal stand at its problem. */
  readonly responseHeaders?: Readonly<Record<string, string>>
}

/** The class that stands in the place of another; in a list, any number of them. */
export type StandIns = ReadonlyMap<AbstractClass, AbstractClass | readonly [AbstractClass]>

export interface DescribedParameter {
  readonly in: 'header' | 'query' | 'path' | 'cookie'
  readonly name: string
  readonly required: boolean
  readonly description: string
  /** JSON Schema 2020-12. Default: a string. */
  readonly schema?: Readonly<Record<string, unknown>>
}

/** Schemes with the scopes or roles each must carry. */
export type SecurityRequirement = readonly {
  /** The name under which documents list it: `bearer`. */
  readonly name: string
  /** A Security Scheme Object of OpenAPI 3.1 §4.8.27. */
  readonly scheme: Readonly<Record<string, unknown>>
  readonly scopes?: readonly string[]
}[]

export interface DescribedProblem {
  readonly status: number
  readonly code: string
  readonly when: string
  /** Headers that this answer may have, by lower-case name, with what they tell. Empty: as everywhere. */
  readonly headers?: Readonly<Record<string, string>>
  /** Further members of the problem (RFC 9457 §3.2). */
  readonly members?: MemberSchema
}

/**
 * A problem that is answered by a defined error, with the status and the headers of the error.
 * @param when - In which case, as a part of a sentence: `it is called more often than that`.
 * @param headers - What a header tells here, and headers that the answer has besides.
 */
export function describeProblem(
  { status, code, headerNames, members }: Pick<DefinedError<never>, 'status' | 'code' | 'headerNames' | 'members'>,
  when: string,
  headers: Readonly<Record<string, string>> = {},
): DescribedProblem {
  const all = { ...Object.fromEntries(headerNames.map((name) => [name, ''])), ...headers }
  return { status, code, when, ...(Object.keys(all).length > 0 ? { headers: all } : {}), ...(members && { members }) }
}
