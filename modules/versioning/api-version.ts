/** Versions as people write them, and their order: numbers with dots, or days. */

/** What a version is made of; two are of one kind or cannot be compared. */
export type VersionKind = 'number' | 'day'

/** A version on an endpoint: itself, or itself and every later one. */
export interface VersionRange {
  readonly start: string
  readonly isOpen: boolean
}

const NUMBER = /^\d{1,6}(?:\.\d{1,6}){0,2}$/
const DAY = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/

/** `undefined` for what is no version. */
export function kindOf(version: string): VersionKind | undefined {
  if (NUMBER.test(version)) return 'number'
  return DAY.test(version) ? 'day' : undefined
}

/** One spelling of each version: `1.0` is `1`, `v1` is `1`; `undefined` for what is no version. */
export function normalized(text: string): string | undefined {
  const version = text.replace(/^v(?=\d)/i, '')
  switch (kindOf(version)) {
    case 'day':
      return version
    case 'number':
      return version
        .split('.')
        .map((part) => String(Number(part)))
        .join('.')
        .replace(/(?:\.0)+$/, '')
    default:
      return undefined
  }
}

/** What `@Version` says; a day is open towards later days. `undefined` for what is none. */
export function rangeOf(text: string): VersionRange | undefined {
  const start = normalized(text.replace(/\+$/, ''))
  return start === undefined ? undefined : { start, isOpen: text.endsWith('+') || kindOf(start) === 'day' }
}

/** Negative when `a` is older than `b`. */
export function compareVersions(a: string, b: string): number {
  if (kindOf(a) === 'day') return a < b ? -1 : Number(a > b)
  const [left, right] = [a, b].map((version) => version.split('.').map(Number)) as [number[], number[]]
  for (let index = 0; index < Math.max(left.length, right.length); index++) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}
