/** Where browsers find the application. */
import { Environment, HttpConfig } from 'tenon'
import { Injectable } from 'tenon/decorators'

import { PublicUrlMissing } from './auth-errors.ts'
import { SiteConfig } from './site-config.ts'

@Injectable()
export class PublicUrl {
  readonly configured: URL | undefined
  readonly #port: number
  readonly #isProduction: boolean

  constructor({ publicUrl }: SiteConfig, { port }: HttpConfig, { isProduction }: Environment) {
    this.configured = publicUrl
    this.#port = port
    this.#isProduction = isProduction
  }

  /**
   * An address below it.
   * @param path - From the application's own settings, never from a call.
   * @throws `AUTH_PUBLIC_URL_MISSING` in production where it is not set.
   */
  to(path: string): URL {
    if (this.configured === undefined && this.#isProduction) throw new PublicUrlMissing()
    const root = this.configured ?? new URL(`http://localhost:${this.#port}`)
    const url = new URL(root)
    url.pathname = `${root.pathname.replace(/\/$/, '')}/${path.replace(/^\//, '')}`
    return url
  }
}
