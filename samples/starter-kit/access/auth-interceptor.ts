/** Finds out who calls, from the bearer token. Without a caller, only what is `@Public` can be reached. */
import { Interceptor, PUBLIC, type Around, type CallContext, type Endpoint, type EndpointInterceptor } from 'tenon'

import { AccountsService } from '../accounts/accounts-service.ts'
import { Tokens } from '../accounts/tokens.ts'
import { LoginRequired, TokenInvalid } from './access-errors.ts'
import type { Caller } from './caller.ts'

@Interceptor({ phase: 'authenticate' })
export class AuthInterceptor implements EndpointInterceptor {
  readonly #accounts: AccountsService
  readonly #tokens: Tokens

  constructor(accounts: AccountsService, tokens: Tokens) {
    this.#accounts = accounts
    this.#tokens = tokens
  }

  forEndpoint(endpoint: Endpoint): Around | undefined {
    if (endpoint.read(PUBLIC)) return undefined
    return async (context, next) => {
      // Somebody before may know the caller already: tests do.
      context.principal ??= await this.#callerOf(context)
      return next()
    }
  }

  /** The account is read for every call, so a change of role holds at once, whatever the token was issued for. */
  async #callerOf(context: CallContext): Promise<Caller> {
    const [, token] = /^bearer +(\S+)$/i.exec(context.header('authorization') ?? '') ?? []
    if (token === undefined) throw new LoginRequired()
    const caller = await this.#accounts.findCaller(this.#tokens.verify(token))
    if (!caller) throw new TokenInvalid()
    return caller
  }
}
