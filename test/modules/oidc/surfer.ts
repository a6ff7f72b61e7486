/** A browser over real HTTP: keeps cookies by host and path, follows redirects across sites, and fills in forms. */
import { parseSetCookie, type SetCookie } from 'cookie'

export interface Visit {
  readonly method?: string
  readonly form?: Readonly<Record<string, string>>
  readonly json?: unknown
  readonly headers?: Readonly<Record<string, string>>
  /** Stops at the first redirect that leads here, and answers it. Default: follows all. */
  readonly until?: (location: URL) => boolean
}

export interface Page {
  readonly url: URL
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** Where a redirect leads that was not followed. */
  readonly location: URL | undefined
}

const MOST_REDIRECTS = 20

export class Surfer {
  /** By host name, as browsers keep them: ports are not told apart. */
  readonly cookies = new Map<string, Map<string, SetCookie>>()
  csrfToken: string | undefined
  /** Every address that was opened. */
  readonly history: string[] = []

  async open(address: string | URL, visit: Visit = {}): Promise<Page> {
    let url = new URL(address)
    let step = visit
    for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects += 1) {
      const page = await this.#fetch(url, step)
      if (!page.location || step.until?.(page.location)) return page
      url = page.location
      step = visit.until ? { until: visit.until } : {}
    }
    throw new Error(`Too many redirects, at last to ${url.href}`)
  }

  /** Opens without following anything. */
  peek(address: string | URL, visit: Visit = {}): Promise<Page> {
    return this.open(address, { ...visit, until: () => true })
  }

  /** Sends the page's form, with its hidden fields. */
  submit(page: Page, fields: Readonly<Record<string, string>> = {}, visit: Visit = {}): Promise<Page> {
    const [, action] = /<form[^>]* action="([^"]+)"/.exec(page.text) ?? []
    if (action === undefined) throw new Error(`There is no form at ${page.url.href}: ${page.text.slice(0, 300)}`)
    const hidden = [...page.text.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)]
    const form = { ...Object.fromEntries(hidden.map(([, name, value]) => [name!, value!])), ...fields }
    return this.open(new URL(action.replaceAll('&amp;', '&'), page.url), { ...visit, method: 'POST', form })
  }

  cookie(host: string, name: string): string | undefined {
    return this.cookies.get(host)?.get(name)?.value
  }

  setCookie(host: string, name: string, value: string): void {
    this.#keep(host, { name, value, path: '/' })
  }

  /** What is sent with a call of this address. */
  cookieHeader({ hostname, pathname }: URL): string {
    const all = [...(this.cookies.get(hostname)?.values() ?? [])]
    const fitting = all.filter(({ path = '/' }) => pathname === path || pathname.startsWith(path.replace(/\/?$/, '/')))
    return fitting.map(({ name, value }) => `${name}=${value}`).join('; ')
  }

  keepCookies({ hostname }: URL, headers: Headers): void {
    for (const line of headers.getSetCookie()) this.#keep(hostname, parseSetCookie(line))
  }

  async #fetch(url: URL, { method, form, json, headers = {} }: Visit): Promise<Page> {
    this.history.push(url.href)
    const body = form ? new URLSearchParams(form).toString() : json === undefined ? undefined : JSON.stringify(json)
    const verb = method ?? (body === undefined ? 'GET' : 'POST')
    const cookie = this.cookieHeader(url)
    const response = await fetch(url, {
      method: verb,
      redirect: 'manual',
      ...(body !== undefined && { body }),
      headers: {
        ...(cookie !== '' && { cookie }),
        ...(form && { 'content-type': 'application/x-www-form-urlencoded' }),
        ...(json !== undefined && { 'content-type': 'application/json' }),
        ...(verb !== 'GET' && { origin: url.origin, 'sec-fetch-site': 'same-origin' }),
        ...(this.csrfToken !== undefined && verb !== 'GET' && { 'x-csrf-token': this.csrfToken }),
        ...headers,
      },
    })
    this.keepCookies(url, response.headers)
    const text = await response.text()
    const location = response.headers.get('location')
    return {
      url,
      status: response.status,
      headers: response.headers,
      text,
      location: location === null ? undefined : new URL(location, url),
    }
  }

  #keep(host: string, cookie: SetCookie): void {
    const jar = this.cookies.get(host) ?? new Map<string, SetCookie>()
    this.cookies.set(host, jar)
    const isGone = cookie.maxAge === 0 || (cookie.expires !== undefined && cookie.expires.getTime() < Date.now())
    if (isGone) jar.delete(cookie.name)
    else jar.set(cookie.name, cookie)
  }
}
