/** Changes together with the waivers that were given for them. */
import type { Change } from './diff/change.ts'
import { stateOf, type Waiver, type WaiverState } from './waivers/waiver.ts'

export interface JudgedChange extends Change {
  readonly waiver?: { readonly state: WaiverState; readonly words: string }
}

/** @param key - Without one no signature can be verified, so no waiver holds. */
export function judgeChanges(
  changes: readonly Change[],
  waivers: readonly Waiver[],
  key: string | undefined,
  today: string,
): readonly JudgedChange[] {
  return changes.map((change) => {
    const waiver = waivers.find((each) => each.change === change.id)
    if (!waiver || change.severity !== 'breaking') return change
    const state = key === undefined ? 'forged' : stateOf(waiver, key, today)
    return { ...change, waiver: { state, words: wordsOf(waiver, state) } }
  })
}

function wordsOf({ by, until, reason }: Waiver, state: WaiverState): string {
  if (state === 'holds') return `waived by ${by} until ${until}: ${reason}`
  return state === 'expired'
    ? `the waiver of ${by} has ended on ${until}`
    : 'there is a waiver whose signature does not hold'
}

export function fails(changes: readonly JudgedChange[]): boolean {
  return changes.some(({ severity, waiver }) => severity === 'breaking' && waiver?.state !== 'holds')
}
