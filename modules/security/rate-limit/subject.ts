/** Whose calls are counted together. */
import { tenantKey, type CallContext } from 'tenon'
import type { RateLimitSubject } from 'tenon/decorators'

/** Names the subject of a call; `undefined` when nobody is to be counted. */
export type SubjectOf = (context: CallContext) => string | undefined

/** @param prefix - What sets the limit apart from others. */
export function subjectReader(by: RateLimitSubject, prefix: string): SubjectOf {
  if (typeof by === 'function') {
    const name = by as SubjectOf
    return (context) => keyOf(prefix, 'fn', name(context))
  }
  const byAddress: SubjectOf = ({ address }) =>
    address === undefined ? undefined : `${prefix}:ip:${networkOf(address)}`
  if (by === 'ip') return byAddress
  const read = READERS[by]
  return (context) => read(context, prefix) ?? byAddress(context)
}

const READERS: Readonly<
  Record<'user' | 'key' | 'tenant', (context: CallContext, prefix: string) => string | undefined>
> = {
  user: ({ principal }, prefix) => keyOf(prefix, 'user', principal?.id, principal?.tenant),
  key: ({ principal }, prefix) => keyOf(prefix, 'key', principal?.authentication?.credentialId, principal?.tenant),
  tenant: ({ tenant, principal }, prefix) => keyOf(prefix, 'tenant', tenant ?? principal?.tenant),
}

function keyOf(prefix: string, kind: string, id: string | undefined, tenant?: string): string | undefined {
  return id === undefined ? undefined : `${prefix}:${kind}:${tenantKey([id], tenant)}`
}

/**
 * An IPv4 address as it is. Of IPv6 the first 64 bits: that is what one customer of a provider gets at least, so whoever
 * counts single addresses counts nothing (RFC 6177 §2).
 */
export function networkOf(address: string): string {
  if (!address.includes(':')) return address
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1]
  if (mapped !== undefined) return mapped
  const [head = '', tail] = address.split('%', 1)[0]!.toLowerCase().split('::')
  const before = head === '' ? [] : head.split(':')
  const after = tail === undefined || tail === '' ? [] : tail.split(':')
  const zeros =
    tail === undefined ? [] : Array.from({ length: Math.max(0, 8 - before.length - after.length) }, () => '0')
  const groups = [...before, ...zeros, ...after].slice(0, 4).map((group) => group.replace(/^0+(?=.)/, ''))
  return `${groups.join(':')}::/64`
}
