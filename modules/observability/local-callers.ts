/** Who sits at this machine. A connection from the loopback is not enough: proxies and foreign web pages come that way too. */
import type { CallContext } from 'tenon'
import { HttpContext } from 'tenon'

const FORWARDED = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip', 'via']
const LOCAL_HOST = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?$/i
const LOOPBACK = /^(127\.|::1$|::ffff:127\.)/

/**
 * Whether the call comes from a program, or a page of our own, on this machine: over the loopback, not passed on by a
 * proxy, to a name of this machine (a foreign page may have its own name resolve to it), and not from another site.
 */
export function isLocal(call: CallContext): boolean {
  if (!(call instanceof HttpContext)) return true
  const site = call.header('sec-fetch-site')
  return (
    LOOPBACK.test(call.request.socket?.remoteAddress ?? '') &&
    FORWARDED.every((name) => call.header(name) === undefined) &&
    LOCAL_HOST.test(call.header('host') ?? '') &&
    (site === undefined || site === 'same-origin' || site === 'none')
  )
}
