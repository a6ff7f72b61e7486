/** Where a call came from, as far as it is known. */

export interface CallerOrigin {
  /** The network address. */
  readonly address?: string | undefined
  /** What the program calls itself. */
  readonly agent?: string | undefined
  readonly locale?: string | undefined
}

/**
 * What attempts are counted by. Whoever has an address of IPv6 has a whole network of them (RFC 6177 §2), so its first half
 * counts.
 */
export function networkOf(address: string | undefined): string {
  if (address === undefined) return ''
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '')
  if (!plain.includes(':')) return plain
  const [head = '', tail] = plain.toLowerCase().split('%')[0]!.split('::')
  const first = head === '' ? [] : head.split(':')
  const last = tail === undefined || tail === '' ? [] : tail.split(':')
  const zeros = tail === undefined ? [] : Array<string>(Math.max(0, 8 - first.length - last.length)).fill('0')
  return [...first, ...zeros, ...last]
    .slice(0, 4)
    .map((part) => part.replace(/^0+(?=.)/, ''))
    .join(':')
}
