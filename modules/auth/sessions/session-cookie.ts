/** The cookie that carries a session's secret. */
import { stringifySetCookie, parseCookie } from 'cookie'
import { Environment, HttpContext, type CallContext } from 'tenon'
import { Injectable } from 'tenon/decorators'

import { SessionsConfig } from './sessions-config.ts'
import { SessionInsecure } from './sessions-errors.ts'

/** 32 bytes as base64url. */
const SECRET = /^[\w-]{43}$/

@Injectable()
export class SessionCookie {
  readonly name: string
  readonly #isSecure: boolean

  /** @throws `AUTH_SESSION_INSECURE` */
  constructor({ cookie, secure }: SessionsConfig, { isProduction }: Environment) {
    if (isProduction && !secure) throw new SessionInsecure()
    // A cookie of this prefix is taken by browsers only from the host itself, over HTTPS, for all paths: neither another
    // subdomain nor somebody on the way can set one (RFC 6265bis §4.1.3.2).
    this.name = secure ? `__Host-${cookie}` : cookie
    this.#isSecure = secure
  }

  /** What the call carries, if it can be a secret of ours at all. */
  read(context: CallContext): string | undefined {
    const header = context.header('cookie')
    if (header === undefined || !header.includes(this.name)) return undefined
    const value = parseCookie(header)[this.name]
    return value !== undefined && SECRET.test(value) ? value : undefined
  }

  write(context: CallContext, secret: string, maxAgeSeconds: number): void {
    this.#set(context, secret, maxAgeSeconds)
  }

  clear(context: CallContext): void {
    this.#set(context, '', 0)
  }

  #set(context: CallContext, value: string, maxAge: number): void {
    if (!(context instanceof HttpContext)) return
    context.response.appendHeader(
      'set-cookie',
      stringifySetCookie({
        name: this.name,
        value,
        maxAge,
        httpOnly: true,
        secure: this.#isSecure,
        sameSite: 'lax',
        path: '/',
      }),
    )
  }
}
