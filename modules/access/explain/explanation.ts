/** Why something is refused, and what would have to be otherwise. */

/** One fact that is not as it would have to be. */
export interface MissingFact {
  /** `user.roles`, `ticket.requesterId`. */
  readonly of: 'caller' | 'row'
  readonly path: readonly string[]
  readonly must: 'be' | 'not be' | 'include' | 'not include' | 'be known' | 'be empty' | 'not be empty'
  /** A value with which it is so; of roles and scopes, the one meant. */
  readonly value: unknown
}

export interface Explanation {
  readonly allowed: boolean
  /** What was asked: `update Ticket`, `PATCH /tickets/:id`. */
  readonly asked: string
  /** The rule that decided: of a refusal, the one that comes nearest to allowing it, or that denies it. */
  readonly rule: string
  /** `src/tickets/ticket-policy.ts:12:3` */
  readonly at: string
  readonly reason?: string
  /** In words, fewest first: with all of them the answer would be another one. Empty: nothing known would change it. */
  readonly needs: readonly string[]
  /** The same as data. */
  readonly facts: readonly MissingFact[]
  /** What is asked of whoever may call besides, at the call itself: `has proved a second factor in the last 5m`. */
  readonly besides?: { readonly says: string; readonly at: string }
}

/** The sentence for logs: rule, place, and what it needs. */
export function printExplanation({ asked, allowed, rule, at, reason, needs, besides }: Explanation): string {
  const verdict = `${asked} is ${allowed ? 'allowed' : 'refused'} by ${rule} (${at})`
  const because = reason === undefined ? '' : `, because ${reason}`
  const proof = besides ? ` Besides, it wants a caller who ${besides.says} (${besides.at}).` : ''
  if (allowed) return `${verdict}${because}.${proof}`
  return `${verdict}${because}; ${needs.length === 0 ? 'no single fact would change that' : needs.join(' and ')}.`
}
