/** What a browser makes of CORS headers (https://fetch.spec.whatwg.org/#http-cors-protocol), as far as tests need it. */

export interface CrossOriginCall {
  readonly origin: string
  readonly method: string
  /** Those that are not harmless by themselves. */
  readonly headers: readonly string[]
  readonly withCredentials: boolean
}

/** CORS check (§4.10): whether the page may read the answer. */
export function mayRead(answer: Headers, { origin, withCredentials }: CrossOriginCall): boolean {
  const allowed = answer.get('access-control-allow-origin')
  if (!withCredentials && allowed === '*') return true
  if (allowed !== origin) return false
  return !withCredentials || answer.get('access-control-allow-credentials') === 'true'
}

/** CORS-preflight fetch (§4.8): whether the call is sent at all. */
export function maySend(status: number, preflight: Headers, call: CrossOriginCall): boolean {
  if (status < 200 || status > 299 || !mayRead(preflight, call)) return false
  const methods = listOf(preflight, 'access-control-allow-methods')
  const headers = listOf(preflight, 'access-control-allow-headers').map((name) => name.toLowerCase())
  const isSimple = ['GET', 'HEAD', 'POST'].includes(call.method)
  if (!isSimple && !methods.includes(call.method) && (call.withCredentials || !methods.includes('*'))) return false
  return call.headers.every((name) => headers.includes(name) || (!call.withCredentials && headers.includes('*')))
}

export function listOf(headers: Headers, name: string): readonly string[] {
  return (headers.get(name) ?? '')
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '')
}
