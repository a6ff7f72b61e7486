/** One way to make keys that carry the tenant: for caches, limits, locks, paths and metric labels alike. */
import { currentTenant } from './context.ts'

/**
 * A key that no other tenant and no other parts can make: `t=acme:sessions:42`, `t:sessions:42` without a tenant.
 * @param parts - Any texts; what could be mistaken for a separator is escaped.
 * @param tenant - Default: the tenant that the running code acts for.
 */
export function tenantKey(parts: readonly string[], tenant: string | undefined = currentTenant()): string {
  return [tenant === undefined ? 't' : `t=${escaped(tenant)}`, ...parts.map(escaped)].join(':')
}

const LONE_SURROGATE = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g

/** `encodeURIComponent` refuses halves of surrogate pairs; `%u` comes out of nothing else. */
function escaped(text: string): string {
  if (text.isWellFormed()) return encodeURIComponent(text)
  return text
    .split(LONE_SURROGATE)
    .map((part) => encodeURIComponent(part))
    .reduce((joined, part, index) => {
      const half = [...text.matchAll(LONE_SURROGATE)][index - 1]?.[0].charCodeAt(0).toString(16)
      return `${joined}%u${half}${part}`
    })
}
