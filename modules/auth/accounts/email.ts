/** E-mail addresses, in one way of writing each. */
import { domainToASCII } from 'node:url'

import { IsEmail, MaxLength, Transform } from 'tenon/validation'

const ASCII = /^[\x21-\x7e]+$/
/** RFC 5321 §4.5.3.1.3, with the brackets off. */
const LONGEST_ADDRESS = 254

/**
 * Blanks off, lower case, the domain as DNS has it. Letters beyond ASCII are not folded: `K` (the sign of kelvin) is no
 * `k`, or a mailbox that looks alike would open somebody's account. Before the `@` they are refused by `EmailAddress`.
 */
export function normalizeEmail(address: string): string {
  const trimmed = address.trim()
  const at = trimmed.lastIndexOf('@')
  const local = trimmed.slice(0, Math.max(at, 0))
  const domain = domainToASCII(trimmed.slice(at + 1))
  return at > 0 && ASCII.test(local) && domain !== '' ? `${local.toLowerCase()}@${domain}` : trimmed
}

/** A field that takes an e-mail address, normalized. */
export function EmailAddress(): PropertyDecorator {
  const decorators = [
    Transform(({ value }: { readonly value: unknown }) => (typeof value === 'string' ? normalizeEmail(value) : value)),
    IsEmail({ allow_utf8_local_part: false }),
    MaxLength(LONGEST_ADDRESS),
  ]
  return (target, property) => {
    for (const decorate of decorators) decorate(target, property)
  }
}
