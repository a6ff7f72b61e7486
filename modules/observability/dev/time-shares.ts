/** Where the time of a call went: what each kind of part took itself, without what it waited for further inside. */
import type { RowKind, TimelineRow } from './timeline.ts'

export interface TimeShare {
  readonly kind: RowKind
  readonly ms: number
}

/** In the order of `kinds`, without those that took nothing. What ran at the same time counts for each. */
export function timeShares(rows: readonly TimelineRow[], kinds: readonly RowKind[]): readonly TimeShare[] {
  const sums = new Map<RowKind, number>()
  for (const { kind, selfMs } of rows) sums.set(kind, (sums.get(kind) ?? 0) + selfMs)
  return kinds.map((kind) => ({ kind, ms: sums.get(kind) ?? 0 })).filter(({ ms }) => ms > 0)
}
