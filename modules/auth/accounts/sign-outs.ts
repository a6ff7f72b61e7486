/** Ends logins, whatever they are made of: cookie sessions and tokens. */
import { Injectable, Optional } from 'tenon/decorators'

import { Sessions } from '../sessions/sessions.ts'
import { TokenIssuer } from '../tokens/token-issuer.ts'

@Injectable()
export class SignOuts {
  readonly #sessions: Sessions
  readonly #tokens: TokenIssuer | undefined

  constructor(sessions: Sessions, @Optional() tokens?: TokenIssuer) {
    this.#sessions = sessions
    this.#tokens = tokens
  }

  /** Signs an account out everywhere, but for the session that is to stay. */
  async everywhere(accountId: string, exceptSessionId?: string): Promise<void> {
    await this.#sessions.revokeAll(accountId, exceptSessionId)
    await this.#tokens?.revokeAllOf(accountId)
  }
}
