/** "Did you mean": the candidate that a misspelled name most likely stood for. */

/** The nearest candidate, when it is near enough to be a slip: one edit in four letters, or only case and separators. */
export function nearestName(name: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined
  let bestDistance = Math.max(1, Math.floor(name.length / 4)) + 1
  for (const candidate of candidates) {
    const distance = bare(candidate) === bare(name) ? 0 : editDistance(bare(name), bare(candidate), bestDistance)
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance]
  }
  return best
}

function bare(name: string): string {
  return name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '')
}

/** Insertions, deletions, replacements and swaps of neighbours between two names; `limit` when it is that or more. */
function editDistance(from: string, to: string, limit: number): number {
  if (Math.abs(from.length - to.length) >= limit) return limit
  let beforeLast: number[] = []
  let last = Array.from({ length: to.length + 1 }, (_, index) => index)
  for (let row = 1; row <= from.length; row++) {
    const current = [row]
    for (let column = 1; column <= to.length; column++) {
      const same = from[row - 1] === to[column - 1]
      const swapped = from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1]
      current[column] = Math.min(
        last[column]! + 1,
        current[column - 1]! + 1,
        last[column - 1]! + (same ? 0 : 1),
        swapped && row > 1 && column > 1 ? beforeLast[column - 2]! + 1 : Infinity,
      )
    }
    ;[beforeLast, last] = [last, current]
  }
  return Math.min(last[to.length]!, limit)
}
