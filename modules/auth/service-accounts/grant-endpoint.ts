/** `POST /auth/token`: where programs get their tokens (RFC 6749 §3.2), or at a path of your own. */
import {
  Body,
  Controller,
  Header,
  HttpCode,
  NoTenant,
  Post,
  Public,
  Returns,
  SetHeader,
  Throws,
  Validate,
  type Class,
} from 'tenon'

import { GrantAnswer, GrantRequest } from './grant-request.ts'
import {
  ClientInvalid,
  ExchangeRefused,
  GrantRequestInvalid,
  GrantScopeInvalid,
  GrantUnsupported,
} from './service-accounts-errors.ts'
import { ServiceAccounts, type ServiceAccountSummary } from './service-accounts.ts'
import { ServiceTokens } from './service-tokens.ts'

const EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange'
const ACCESS_TOKEN = 'urn:ietf:params:oauth:token-type:access_token'
const BASIC = /^basic +([A-Za-z0-9+/]+={0,2}) *$/i

/** @example `@Module({ imports: [ServiceAccountsModule], controllers: [grantEndpoint('/oauth/token')] })` */
export function grantEndpoint(path: string): Class {
  @Controller(path)
  @NoTenant('Who calls, and for which tenant, is found out here.')
  @Public('The client secret that is sent says who calls.')
  class GrantEndpoint {
    readonly #accounts: ServiceAccounts
    readonly #tokens: ServiceTokens

    constructor(accounts: ServiceAccounts, tokens: ServiceTokens) {
      this.#accounts = accounts
      this.#tokens = tokens
    }

    @Post()
    @HttpCode(200)
    @SetHeader('cache-control', 'no-store')
    // RFC 6749 §3.2: parameters nobody knows are ignored.
    @Validate({ mode: 'strip' })
    @Returns(GrantAnswer)
    @Throws(ClientInvalid, GrantUnsupported, GrantRequestInvalid, GrantScopeInvalid, ExchangeRefused)
    async grant(
      @Body() request: GrantRequest,
      @Header('authorization') authorization: string | undefined,
    ): Promise<GrantAnswer> {
      const { grant_type: grant, scope, audience } = request
      const account = await this.#authenticate(request, authorization)
      if (grant !== 'client_credentials' && grant !== EXCHANGE) throw new GrantUnsupported()
      const isExchange = grant === EXCHANGE
      const token = isExchange
        ? await this.#tokens.inNameOf(account, subjectOf(request), { scope, audience })
        : await this.#tokens.forItself(account, { scope, audience })
      return {
        access_token: token.accessToken,
        token_type: token.tokenType,
        expires_in: token.expiresInSeconds,
        ...(token.scopes === undefined ? {} : { scope: token.scopes.join(' ') }),
        ...(isExchange ? { issued_token_type: ACCESS_TOKEN } : {}),
      }
    }

    async #authenticate(request: GrantRequest, authorization: string | undefined): Promise<ServiceAccountSummary> {
      const { id, secret } = credentialsOf(request, authorization)
      const account = await this.#accounts.authenticate(id, secret)
      if (!account) throw new ClientInvalid()
      return account
    }
  }
  return GrantEndpoint
}

function credentialsOf(
  { client_id: id, client_secret: secret }: GrantRequest,
  authorization: string | undefined,
): { readonly id: string; readonly secret: string } {
  const basic = authorization === undefined ? undefined : BASIC.exec(authorization)?.[1]
  // RFC 6749 §2.3: one way in a request, not two.
  if (basic !== undefined && secret !== undefined) throw new GrantRequestInvalid('the client proves itself twice')
  if (basic === undefined) {
    if (id === undefined || secret === undefined) throw new ClientInvalid()
    return { id, secret }
  }
  const text = Buffer.from(basic, 'base64').toString('utf8')
  const colon = text.indexOf(':')
  if (colon === -1) throw new ClientInvalid()
  const given = { id: decoded(text.slice(0, colon)), secret: decoded(text.slice(colon + 1)) }
  if (id !== undefined && id !== given.id) throw new GrantRequestInvalid('the client has two names')
  return given
}

/** RFC 6749 §2.3.1: both halves are encoded like a form. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    throw new ClientInvalid()
  }
}

function subjectOf(request: GrantRequest): string {
  const { subject_token: token, subject_token_type: type, requested_token_type: wanted = ACCESS_TOKEN } = request
  if (token === undefined) throw new GrantRequestInvalid('subject_token is missing')
  if (type !== ACCESS_TOKEN) throw new GrantRequestInvalid(`subject_token_type must be ${ACCESS_TOKEN}`)
  if (wanted !== ACCESS_TOKEN) throw new GrantRequestInvalid(`requested_token_type can only be ${ACCESS_TOKEN}`)
  if (request.actor_token !== undefined)
    throw new GrantRequestInvalid('the actor is the client, so there is no actor_token')
  return token
}
