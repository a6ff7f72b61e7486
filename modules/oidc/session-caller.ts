/** Whose session a call carries, on endpoints that are also for people without one. */
import { type CallContext } from 'tenon'
import { AuthenticationScheme, SESSION, type SessionRecord } from 'tenon/auth'
import { InjectAll, Injectable } from 'tenon/decorators'

@Injectable()
export class SessionCaller {
  readonly #scheme: AuthenticationScheme | undefined

  constructor(@InjectAll(AuthenticationScheme) schemes: readonly AuthenticationScheme[]) {
    this.#scheme = schemes.find(({ name }) => name === 'session')
  }

  /** `undefined` for a session that has ended, too. */
  async session(context: CallContext): Promise<SessionRecord | undefined> {
    try {
      await this.#scheme?.authenticate(context)
    } catch {
      return undefined
    }
    return context.get(SESSION)
  }
}
