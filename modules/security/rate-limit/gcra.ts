/**
 * The generic cell rate algorithm (ITU-T I.371 Annex A), whose whole state is one moment: when the allowance of a
 * subject is full again. There is no window whose edge doubles the rate, and nothing to count.
 *
 * Times are whole microseconds: all sums are exact in JavaScript, in Lua and in SQL alike.
 */

export interface Rate {
  /** How long one call takes from the allowance. */
  readonly intervalUs: number
  /** How long the whole allowance is. */
  readonly burstUs: number
}

/**
 * What became of a call, in one number so that nothing is allocated: let through, the time until the allowance is full
 * again; refused, the negative of the time after which the call would be let through.
 */
export type Verdict = number

/** Of what costs more than the whole allowance: it is told to come again in a year. */
export const NEVER: Verdict = -365 * 24 * 3600 * 1e6

/** @param limit - Calls in a window, at least 1. @param windowMs - At least a microsecond for each. */
export function rateOf(limit: number, windowMs: number): Rate {
  const intervalUs = Math.max(1, Math.ceil((windowMs * 1000) / limit))
  return { intervalUs, burstUs: intervalUs * limit }
}

/**
 * One step.
 * @param fullAt - The state: when the allowance is full; `undefined` for a subject never seen.
 * @returns The verdict; let through, the new state is `now` plus it, and refused, it stays.
 */
export function gcra(fullAt: number | undefined, nowUs: number, { intervalUs, burstUs }: Rate, cost: number): Verdict {
  if (cost * intervalUs > burstUs) return NEVER
  const from = fullAt === undefined || fullAt < nowUs ? nowUs : fullAt
  const untilFull = from + cost * intervalUs - nowUs
  return untilFull <= burstUs ? untilFull : burstUs - untilFull
}

/** How many calls of cost 1 would be let through now. */
export function remainingAfter(verdict: Verdict, { intervalUs, burstUs }: Rate): number {
  return verdict < 0 ? 0 : Math.floor((burstUs - verdict) / intervalUs)
}
