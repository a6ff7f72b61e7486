/** A browser as far as accounts are concerned: it keeps cookies, says where its calls come from, and sends the CSRF token. */
import { parseSetCookie, type SetCookie } from 'cookie'
import type { TestApp } from 'tenon/testing'

export interface Call {
  readonly method?: string
  readonly json?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

export class Browser {
  readonly cookies = new Map<string, SetCookie>()
  csrfToken: string | undefined
  /** Headers of every call, such as an address behind a trusted proxy. */
  readonly headers: Record<string, string>
  readonly #app: TestApp

  constructor(app: TestApp, headers: Record<string, string> = {}) {
    this.#app = app
    this.headers = headers
  }

  /** A call of a page of the application itself. */
  async call(path: string, call: Call = {}): Promise<Response> {
    const response = await this.callFrom(undefined, path, call)
    if (response.headers.get('content-type')?.includes('json')) {
      const { csrfToken } = (await response.clone().json()) as { csrfToken?: string }
      if (csrfToken) this.csrfToken = csrfToken
    }
    return response
  }

  /** @param site - The page that makes the call. Default: the application's own. */
  async callFrom(site: string | undefined, path: string, { method, json, headers = {} }: Call = {}): Promise<Response> {
    const own = await this.#app.url()
    const response = await this.#app.request(path, {
      ...(method !== undefined && { method }),
      ...(json !== undefined && { json }),
      headers: {
        ...this.headers,
        origin: site ?? own,
        'sec-fetch-site': site === undefined ? 'same-origin' : 'cross-site',
        ...(this.cookies.size > 0 && { cookie: this.cookieHeader }),
        ...(this.csrfToken !== undefined && site === undefined && { 'x-csrf-token': this.csrfToken }),
        ...headers,
      },
    })
    this.#keep(response)
    return response
  }

  async logIn(email: string, password: string): Promise<Response> {
    await this.call('/auth/csrf')
    return this.call('/auth/login', { json: { email, password } })
  }

  get cookieHeader(): string {
    return [...this.cookies.values()].map(({ name, value }) => `${name}=${value}`).join('; ')
  }

  #keep(response: Response): void {
    for (const line of response.headers.getSetCookie()) {
      const cookie = parseSetCookie(line)
      if (cookie.maxAge === 0) this.cookies.delete(cookie.name)
      else this.cookies.set(cookie.name, cookie)
    }
  }
}
