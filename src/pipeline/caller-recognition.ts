/** Who calls an endpoint that is open to strangers too. Who authenticates provides it. */
import type { Principal } from './principal.ts'
import type { CallContext } from './context.ts'

export abstract class CallerRecognition {
  /** The caller that the call's credential proves; `undefined` without one, and for one that does not hold. */
  abstract recognize(context: CallContext): Principal | undefined | Promise<Principal | undefined>
}
