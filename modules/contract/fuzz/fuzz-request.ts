/** A request before it is sent: parts that can be left out and changed, and printed as a line of curl. */
export interface FuzzRequest {
  readonly method: string
  /** The template: `/tickets/{id}` */
  readonly path: string
  readonly parameters: readonly SentParameter[]
  /** JSON; `undefined` for none. */
  readonly body: unknown
  /** What is wrong with it; unset for a valid one. */
  readonly flaw: string | undefined
}

export interface SentParameter {
  readonly in: 'path' | 'query' | 'header' | 'cookie'
  readonly name: string
  readonly value: unknown
  readonly isRequired: boolean
}

export interface Target {
  readonly baseUrl: string
  /** Sent with every request: credentials. */
  readonly headers: Readonly<Record<string, string>>
}

export function urlOf({ path, parameters }: FuzzRequest, { baseUrl }: Target): string {
  const query = new URLSearchParams()
  let filled = path
  for (const { in: place, name, value } of parameters) {
    if (place === 'path') filled = filled.replace(`{${name}}`, encodeURIComponent(String(value)))
    if (place === 'query') for (const each of Array.isArray(value) ? value : [value]) query.append(name, String(each))
  }
  const text = query.toString()
  return `${baseUrl.replace(/\/+$/, '')}${filled}${text === '' ? '' : `?${text}`}`
}

export function headersOf({ parameters, body }: FuzzRequest, { headers }: Target): Readonly<Record<string, string>> {
  const cookies = parameters.filter((each) => each.in === 'cookie').map(({ name, value }) => `${name}=${String(value)}`)
  return {
    accept: 'application/json, application/problem+json;q=0.9, */*;q=0.8',
    ...headers,
    ...Object.fromEntries(
      parameters.filter((each) => each.in === 'header').map(({ name, value }) => [name, String(value)]),
    ),
    ...(cookies.length > 0 ? { cookie: cookies.join('; ') } : {}),
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
  }
}

/** Credentials stand in it by name only. */
export function curlOf(request: FuzzRequest, target: Target): string {
  const { accept: _usual, ...headers } = headersOf(request, target)
  const parts = [
    ...(request.method === 'GET' ? [] : [`-X ${request.method}`]),
    quoted(urlOf(request, target)),
    ...Object.entries(headers).map(([name, value]) =>
      name.toLowerCase() === 'authorization'
        ? `-H "authorization: $AUTHORIZATION"`
        : `-H ${quoted(`${name}: ${value}`)}`,
    ),
    ...(request.body === undefined ? [] : [`-d ${quoted(JSON.stringify(request.body))}`]),
  ]
  return `curl -i ${parts.join(' ')}`
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`
}
