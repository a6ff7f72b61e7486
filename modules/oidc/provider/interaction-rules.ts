/** When somebody must log in: as the library has it, and whenever the application's own session has ended or is another's. */
import { ctx } from 'tenon'
import type { interactionPolicy } from 'oidc-provider'

import type { SessionCaller } from '../session-caller.ts'

/**
 * The application's session is the one that counts: who signs out everywhere, or is signed out, is so for clients as well.
 */
export function interactionRules(
  { base, Check }: typeof interactionPolicy,
  caller: SessionCaller,
): interactionPolicy.DefaultPolicy {
  const policy = base()
  policy.get('login')!.checks.add(
    new Check(
      'application_session',
      'The application has no session of this account',
      'login_required',
      async ({ oidc }) => {
        const { accountId } = oidc.session ?? {}
        // Without one, another rule of the library asks already.
        if (accountId === undefined) return Check.NO_NEED_TO_PROMPT
        return (await caller.session(ctx()))?.accountId === accountId ? Check.NO_NEED_TO_PROMPT : Check.REQUEST_PROMPT
      },
    ),
  )
  return policy
}
