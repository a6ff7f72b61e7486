/**
 * Asked after the password and before there is a login, wherever one is made by password: what asks for more than a
 * password stands here, and no form of the application leads around it.
 */
import type { AuthenticationFactor, InterceptorDescription } from 'tenon'

import type { AccountRecord } from './account-store.ts'

/** Provide this class to ask for more: `{ provide: LoginGate, useClass: MyGate }`. */
export abstract class LoginGate {
  /**
   * @param factors - What was proved so far.
   * @param returnTo - Where the browser goes when the login is complete, checked; none where a script or program waits.
   * @returns What the login is made of.
   * @throws what the caller must do first, such as `MFA_REQUIRED`.
   */
  abstract pass(
    account: AccountRecord,
    factors: readonly AuthenticationFactor[],
    returnTo?: string,
  ): Promise<readonly AuthenticationFactor[]>

  /** What it means for whoever logs in, for documents: the problems that `pass` answers. */
  describe(): InterceptorDescription {
    return {}
  }

  /**
   * Asked inside the call of somebody who is logged in, after the password and before the account is reached by another e-mail
   * address. Asks for nothing more unless it is overridden.
   * @throws what the caller must do first, such as `MFA_STEP_UP_REQUIRED`.
   */
  passAgain(_account: AccountRecord): Promise<void> {
    return Promise.resolve()
  }

  /** The same of `passAgain`. */
  describeAgain(): InterceptorDescription {
    return {}
  }

  /**
   * The page where a person does what `pass` has asked for: for browsers that redirects have led here, and that read no
   * problems.
   * @param _problem - What `pass` has thrown.
   */
  pageFor(_problem: unknown): string | undefined {
    return undefined
  }
}
