/** Knows callers on endpoints that are open to strangers, by the same schemes as on all others. */
import { CallerRecognition, ContextKey, TenonError, type CallContext, type Principal } from 'tenon'
import { InjectAll, Injectable } from 'tenon/decorators'

import { AuthenticationScheme } from './authentication-scheme.ts'

/** Each call is asked for its caller once. */
const RECOGNIZED = new ContextKey<Promise<Principal | undefined>>('auth.recognized')

@Injectable()
export class SchemeRecognition extends CallerRecognition {
  readonly #schemes: readonly AuthenticationScheme[]

  constructor(@InjectAll(AuthenticationScheme) schemes: readonly AuthenticationScheme[]) {
    super()
    this.#schemes = schemes
  }

  recognize(context: CallContext): Promise<Principal | undefined> {
    const known = context.get(RECOGNIZED)
    if (known) return known
    const asked = this.#ask(context)
    context.set(RECOGNIZED, asked)
    return asked
  }

  async #ask(context: CallContext): Promise<Principal | undefined> {
    if (context.principal) return context.principal
    try {
      for (const scheme of this.#schemes) {
        const found = await scheme.authenticate(context)
        if (found) return found
      }
    } catch (error) {
      // A credential that does not hold makes a stranger; the endpoint is open to those.
      if (!(error instanceof TenonError) || error.status !== 401) throw error
    }
    return undefined
  }
}
