/** What a caller has proved, and how long ago. */
import type { Principal } from 'tenon'
import { SECOND_FACTORS } from 'tenon/decorators'

import { DEVICE } from '../devices/devices.ts'

/**
 * All that counts where nothing is said of methods: what can be proved here, and `mfa`, the word of RFC 8176 §2 with which
 * other issuers say that they have asked for several.
 */
export const ANY_SECOND_FACTOR: ReadonlySet<string> = new Set([...SECOND_FACTORS, 'mfa'])

/** Whether one of the methods was proved, at `since` or later. */
export function hasProved(principal: Principal, methods: ReadonlySet<string>, since: number): boolean {
  for (const { method, at } of principal.authentication?.factors ?? []) {
    if (at >= since && methods.has(method)) return true
  }
  return false
}

export function hasSecondFactor(principal: Principal, since = Number.NEGATIVE_INFINITY): boolean {
  return hasProved(principal, ANY_SECOND_FACTOR, since)
}

/** The login was made with a second factor, or by a browser that is remembered for one. */
export function hasPassedMfa(principal: Principal): boolean {
  return (
    hasSecondFactor(principal) || principal.authentication?.factors.some(({ method }) => method === DEVICE) === true
  )
}

/** A key, or a program with an account of its own: it has nothing to prove but itself. */
export function isProgram({ kind = 'user', authentication }: Principal): boolean {
  return kind === 'service' || authentication?.scheme === 'apiKey'
}

/** Somebody who calls for herself: what she has proved says nothing about a program that acts in her name. */
export function isLoggedIn(principal: Principal): boolean {
  return !isProgram(principal) && principal.actor === undefined
}
