/**
 * Calls that bring their own credential in a header. No other site can make a browser do so, hence no CSRF check for them;
 * and for the same reason their cookie does not count, or the header would be a way around the check. `Basic` is not among
 * them: a browser sends it by itself, to addresses such as https://name:password@host.
 */
import type { CallContext } from 'tenon'

const OWN_SCHEMES = /^(?:bearer|dpop|apikey) /i

export function bringsOwnCredential(context: CallContext): boolean {
  const authorization = context.header('authorization')
  return (authorization !== undefined && OWN_SCHEMES.test(authorization)) || context.header('x-api-key') !== undefined
}
