/** Where a login may lead back to: anywhere else, and our address would lend its good name to a stranger's page. */
import { PublicUrl } from 'tenon/auth'
import { Injectable } from 'tenon/decorators'

import { OidcReturnRefused } from '../oidc-errors.ts'
import { OidcLoginConfig } from './oidc-login-config.ts'

const LONGEST = 1000
/** Stands for our own origin while a path is read as browsers read it. */
const HERE = 'https://here.invalid'

@Injectable()
export class ReturnTargets {
  readonly #origins: ReadonlySet<string>

  constructor({ returnOrigins }: OidcLoginConfig, { configured }: PublicUrl) {
    this.#origins = new Set([
      ...returnOrigins.map((origin) => new URL(origin).origin),
      ...(configured ? [configured.origin] : []),
    ])
  }

  /**
   * The target, written so that every browser understands it alike.
   * @throws `OIDC_RETURN_REFUSED`
   */
  check(target: string | undefined): string {
    if (typeof target !== 'string' || target === '') return '/'
    // Browsers drop tabs and line breaks, and read `\` as `/`: what we check must be what they open.
    const url = target.length <= LONGEST && !/[\p{Cc}\\]/u.test(target) ? URL.parse(target, HERE) : null
    if (!url || url.username !== '' || url.password !== '') throw new OidcReturnRefused()
    const path = `${url.pathname}${url.search}${url.hash}`
    if (url.origin === HERE) {
      if (!target.startsWith('/') || path.startsWith('//')) throw new OidcReturnRefused()
      return path
    }
    if (!this.#origins.has(url.origin)) throw new OidcReturnRefused()
    return url.href
  }
}
