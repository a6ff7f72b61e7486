/**
 * Where the application asked for what a statement does. A function that hands a promise on without waiting for it is in no
 * stack any more when the statement is sent, so the place is noted when a repository is called: in development, where
 * somebody listens to `tenon:data:asked`.
 */
import { AsyncLocalStorage } from 'node:async_hooks'
import { channel } from 'node:diagnostics_channel'

import { ApplicationSite } from 'tenon'

const ASKED = channel('tenon:data:asked')
const SITE = new AsyncLocalStorage<ApplicationSite>()

/** To be called while the application's own function is still on the stack; holds for what that call causes. */
export function noteAsked(): void {
  if (ASKED.hasSubscribers) SITE.enterWith(new ApplicationSite())
}

/** The place, if it was noted. */
export function askedAt(): ApplicationSite | undefined {
  return SITE.getStore()
}
