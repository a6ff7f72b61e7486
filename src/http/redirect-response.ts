/** Redirects: `@Redirect`, and a target that the handler returns. */
import { REDIRECT, type RedirectFact } from '../../decorators/index.ts'
import type { Endpoint } from '../pipeline/endpoint.ts'
import { isData } from './is-data.ts'
import { RedirectInvalid, StatusInvalid } from './response-errors.ts'

const REDIRECT_STATUSES: ReadonlySet<number> = new Set([301, 302, 303, 307, 308])

/** A redirect as a handler's result. */
export class RedirectResponse {
  readonly url: string
  readonly status: number

  constructor(url: string, status: number) {
    this.url = url
    this.status = status
  }
}

/**
 * Makes a handler answer with a redirect.
 * @param url - Where to. From a caller it may lead anywhere: allow known targets only.
 * @example `return redirect('/tickets/7', 303)`
 */
export function redirect(url: string, status = 302): RedirectResponse {
  return new RedirectResponse(url, status)
}

/** The redirect that a result asks for, if it asks for one. */
export type RedirectChooser = (result: unknown) => RedirectResponse | undefined

/** @throws `RESPONSE_STATUS_INVALID`, `RESPONSE_REDIRECT_INVALID` for what `@Redirect` says */
export function compileRedirect(endpoint: Endpoint): RedirectChooser {
  const declared = endpoint.read(REDIRECT)
  if (!declared) return (result) => (!isData(result) && result instanceof RedirectResponse ? result : undefined)
  const usual = new RedirectResponse(declared.url, declared.status)
  locationOf(usual, endpoint.name)
  return (result) => {
    if (result instanceof RedirectResponse) return result
    const { url, status } = (result ?? {}) as Partial<RedirectFact>
    return typeof url === 'string' ? new RedirectResponse(url, status ?? usual.status) : usual
  }
}

/**
 * The value of `Location`.
 * @throws `RESPONSE_REDIRECT_INVALID`, `RESPONSE_STATUS_INVALID`
 */
export function locationOf({ url, status }: RedirectResponse, endpoint: string): string {
  if (!REDIRECT_STATUSES.has(status)) throw new StatusInvalid(endpoint, status, 'a redirect')
  // A line break would end the header and begin another one; no other control character belongs there either.
  if (/\p{Cc}/u.test(url)) throw new RedirectInvalid(endpoint)
  return encodeUrl(url)
}

/** Percent-encodes what a URL cannot hold, and leaves what is encoded already. */
function encodeUrl(url: string): string {
  return url.toWellFormed().replaceAll(/[^!#$%&'()*+,\-./:;=?@[\]_~\w]+|%(?![\dA-Fa-f]{2})/g, encodeURIComponent)
}
