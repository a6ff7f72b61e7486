/** What the browser keeps for us between two calls, sealed: the login in progress, and afterwards how to log out there. */
import { randomBytes } from 'node:crypto'

import { parseCookie, stringifySetCookie } from 'cookie'
import { Clock, Environment, HttpContext, type CallContext } from 'tenon'
import { SessionsConfig } from 'tenon/auth'
import { Injectable } from 'tenon/decorators'

import { OidcSecretMissing } from '../oidc-errors.ts'
import { openText, sealText } from '../seal-text.ts'
import type { LoginAttempt } from './login-attempt.ts'
import { OidcLoginConfig } from './oidc-login-config.ts'

/** What a logout at the issuer needs (OpenID Connect RP-Initiated Logout 1.0 §2). */
export interface LogoutHint {
  readonly issuer: string
  readonly accountId: string
  readonly idToken: string
}

type Purpose = 'attempt' | 'logout'

/** Browsers take no cookie of more than 4096 bytes (RFC 6265 §6.1). */
const LONGEST = 3900

@Injectable()
export class LoginCookies {
  readonly #isSecure: boolean
  readonly #secret: string
  readonly #config: OidcLoginConfig
  readonly #hours: number
  readonly #clock: Clock

  /** @throws `OIDC_SECRET_MISSING` in production, where there is somebody to log in with. */
  constructor(config: OidcLoginConfig, sessions: SessionsConfig, { isProduction }: Environment, clock: Clock) {
    const isUsed = config.issuers.length > 0 || config.issuer !== undefined
    if (config.secret === undefined && isProduction && isUsed) throw new OidcSecretMissing()
    this.#secret = config.secret ?? randomBytes(32).toString('base64url')
    this.#isSecure = sessions.secure
    this.#hours = sessions.hours
    this.#config = config
    this.#clock = clock
  }

  writeAttempt(context: CallContext, attempt: LoginAttempt): void {
    this.#write(context, 'attempt', attempt, this.#config.minutes * 60)
  }

  /** Takes it out: what comes a second time finds none. `undefined` for one that is expired or not ours. */
  takeAttempt(context: CallContext): LoginAttempt | undefined {
    const attempt = this.#read<LoginAttempt>(context, 'attempt')
    this.#clear(context, 'attempt')
    return attempt && attempt.expiresAt > this.#clock.epochMs() ? attempt : undefined
  }

  writeLogout(context: CallContext, hint: LogoutHint): void {
    this.#write(context, 'logout', hint, this.#hours * 3600)
  }

  takeLogout(context: CallContext): LogoutHint | undefined {
    const hint = this.#read<LogoutHint>(context, 'logout')
    if (hint) this.#clear(context, 'logout')
    return hint
  }

  #nameOf(purpose: Purpose): string {
    return `${this.#isSecure ? '__Host-' : ''}oidc-${purpose}`
  }

  #read<T>(context: CallContext, purpose: Purpose): T | undefined {
    const sealed = parseCookie(context.header('cookie') ?? '')[this.#nameOf(purpose)]
    const text = sealed === undefined ? undefined : openText(sealed, this.#secret, purpose)
    return text === undefined ? undefined : (JSON.parse(text) as T)
  }

  #write(context: CallContext, purpose: Purpose, value: object, maxAge: number): void {
    const sealed = sealText(JSON.stringify(value), this.#secret, purpose)
    if (sealed.length <= LONGEST) this.#set(context, purpose, sealed, maxAge)
  }

  #clear(context: CallContext, purpose: Purpose): void {
    this.#set(context, purpose, '', 0)
  }

  #set(context: CallContext, purpose: Purpose, value: string, maxAge: number): void {
    if (!(context instanceof HttpContext)) return
    // `lax`: the way back from the issuer is a link that another site has opened.
    const fixed = { httpOnly: true, secure: this.#isSecure, sameSite: 'lax', path: '/' } as const
    context.response.appendHeader(
      'set-cookie',
      stringifySetCookie({ name: this.#nameOf(purpose), value, maxAge, ...fixed }),
    )
  }
}
