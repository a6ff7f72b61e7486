/** Durations as people write them. */
const UNITS_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** In milliseconds; `undefined` for what is none, or not above zero. */
export function readDuration(duration: number | string): number | undefined {
  if (typeof duration === 'number') return Number.isFinite(duration) && duration > 0 ? duration : undefined
  const [, amount, unit = ''] = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(duration) ?? []
  const ms = Number(amount) * (UNITS_MS[unit] ?? Number.NaN)
  return ms > 0 ? ms : undefined
}
