/** Whom passkeys are for, and whose pages may ask for them. */
import { Environment } from 'tenon'
import { PublicUrl } from 'tenon/auth'
import { Injectable } from 'tenon/decorators'

import { MfaConfig } from '../mfa-config.ts'

@Injectable()
export class RelyingParty {
  /** The domain (WebAuthn §4, "RP ID"). */
  readonly id: string
  /** For people. */
  readonly name: string
  readonly #origins: readonly string[]
  readonly #takesLocalhost: boolean

  /** @throws `AUTH_PUBLIC_URL_MISSING` in production where nothing says the domain. */
  constructor({ rpId, name, origins }: MfaConfig, publicUrl: PublicUrl, { isProduction }: Environment) {
    const site = publicUrl.to('/')
    this.id = rpId ?? site.hostname
    this.name = name ?? site.hostname
    this.#origins = [site.origin, ...origins.map((origin) => new URL(origin).origin)]
    // While developing, and nowhere else, the port is whichever is free.
    this.#takesLocalhost = !isProduction && publicUrl.configured === undefined && this.id === 'localhost'
  }

  /** The origins that an answer may come from. @param claimed - The one that it says. */
  originsFor(claimed: string): string[] {
    const isLocal = this.#takesLocalhost && URL.parse(claimed)?.hostname === 'localhost'
    return [...this.#origins, ...(isLocal ? [claimed] : [])]
  }
}
