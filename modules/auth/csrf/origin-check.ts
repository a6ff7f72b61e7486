/** Whether a call came from a page of this site, as the browser itself says. No page can change these headers. */
import type { CallContext } from 'tenon'
import { Injectable } from 'tenon/decorators'

import { PublicUrl } from '../public-url.ts'
import { CsrfConfig } from './csrf-config.ts'
import { CsrfOriginRefused } from './csrf-errors.ts'

@Injectable()
export class OriginCheck {
  readonly #trusted: ReadonlySet<string>
  readonly #own: string | undefined

  constructor({ trustedOrigins }: CsrfConfig, publicUrl: PublicUrl) {
    this.#trusted = new Set(trustedOrigins.map((origin) => new URL(origin).origin))
    this.#own = publicUrl.configured?.origin
  }

  /**
   * Passes what no browser has sent, too: whoever is no browser has no victim's cookies.
   * @throws `AUTH_CSRF_ORIGIN`
   */
  check(context: CallContext): void {
    const origin = context.header('origin')
    if (origin !== undefined && this.#trusted.has(origin)) return
    const site = context.header('sec-fetch-site')
    if (site === 'same-origin' || site === 'none') return
    // A site beside this one (`same-site`) may belong to somebody else, or have been taken over.
    if (site !== undefined) throw new CsrfOriginRefused(origin ?? site)
    // Browsers before 2023, and pages without HTTPS, say where a call comes from with `Origin` alone.
    if (origin !== undefined && !this.#isOwn(origin, context)) throw new CsrfOriginRefused(origin)
  }

  /** Where it is not configured, the host that the browser has called: another site cannot make it name itself there. */
  #isOwn(origin: string, context: CallContext): boolean {
    if (this.#own !== undefined) return origin === this.#own
    const { host } = URL.parse(origin) ?? {}
    return host !== undefined && host !== '' && host === context.header('host')?.toLowerCase()
  }
}
