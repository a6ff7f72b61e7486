/** Who a principal is by now: asked at each refresh, so that new roles hold and closed accounts end. */
import type { Principal } from 'tenon'

export abstract class KnownPrincipals {
  /**
   * @param principal - As it was when it logged in.
   * @returns As it is now, or `undefined` when it may not call any more; its tokens are revoked then.
   */
  abstract current(principal: Principal): Promise<Principal | undefined>
}
