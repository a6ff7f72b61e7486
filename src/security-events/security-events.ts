/**
 * What matters to whoever watches over an application: logins, refusals, changed passwords, revoked sessions. Modules
 * tell it here and know nothing of who listens: audit logs, alarms, metrics. It travels on a channel of
 * `node:diagnostics_channel`, so nothing is paid for what nobody listens to.
 */
import { channel } from 'node:diagnostics_channel'

import { tryCtx } from '../pipeline/context.ts'

/** One thing that happened. Never holds a secret: no password, token, code, session id or key. */
export interface SecurityEvent {
  /** Dotted and lower case, area first: `accounts.login`. Never renamed, like the codes of errors. */
  readonly type: string
  readonly outcome: 'allowed' | 'refused'
  /** Who did it. Default: the caller of the call it happened in. */
  readonly principalId?: string
  /** Default: the tenant of the call it happened in. */
  readonly tenant?: string
  /** What it was done to, where that is not the caller: an account's id, an endpoint's name. */
  readonly subject?: string
  /** Why it was refused, as the code of an error or a few words. */
  readonly reason?: string
  /** Milliseconds since the epoch. */
  readonly at: number
  readonly details?: Readonly<Record<string, string | number | boolean>>
}

export type SecurityEventListener = (event: SecurityEvent) => void

/** The name of the channel, for tools that subscribe without the kernel. */
const SECURITY_CHANNEL = 'tenon:security'

const events = channel(SECURITY_CHANNEL)

/** All applications of a process share it. */
export const securityEvents = {
  /**
   * Tells everybody who listens, before it returns, within the call's context: `tryCtx()` is the call it happened in.
   * @example `securityEvents.publish({ type: 'accounts.login', outcome: 'refused', reason: 'password', at: clock.epochMs() })`
   */
  publish(event: SecurityEvent): void {
    if (!events.hasSubscribers) return
    const context = tryCtx()
    const principalId = event.principalId ?? context?.principal?.id
    const tenant = event.tenant ?? context?.tenant ?? context?.principal?.tenant
    events.publish({
      ...event,
      ...(principalId !== undefined && { principalId }),
      ...(tenant !== undefined && { tenant }),
    })
  },

  /**
   * Calls back for each event until the answered function is called. What the listener throws becomes a warning of the
   * process, and the call in which the event happened goes on.
   */
  subscribe(listener: SecurityEventListener): () => void {
    const guarded = (event: unknown): void => {
      try {
        listener(event as SecurityEvent)
      } catch (error) {
        process.emitWarning(`A listener of security events threw: ${String(error)}`, 'TenonWarning')
      }
    }
    events.subscribe(guarded)
    return () => {
      events.unsubscribe(guarded)
    }
  },
} as const
