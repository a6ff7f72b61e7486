/** The `curl` lines of the pages, sent by fetch: no program of the machine is needed. */

/** What `curl` would print: the body.. */
export async function curl(command: string, base: string): Promise<string> {
  const words = [...command.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map((match) => match[1] ?? match[2] ?? match[3]!)
  const headers = new Headers({ accept: '*/*' })
  let method: string | undefined
  let body: string | undefined
  let target: string | undefined
  const rest = words.slice(1).values()
  for (const word of rest) {
    if (word === '-s') continue
    else if (word === '-X') method = rest.next().value
    else if (word === '-H') {
      const [name, ...value] = String(rest.next().value).split(':')
      headers.append(name!, value.join(':').trim())
    } else if (word === '-d') {
      body = rest.next().value
      if (!headers.has('content-type')) headers.set('content-type', 'application/x-www-form-urlencoded')
    } else if (word === '--json') {
      body = rest.next().value
      headers.set('content-type', 'application/json')
      headers.set('accept', 'application/json')
    } else if (word.startsWith('-') || target !== undefined)
      throw new Error(`${word} of "${command}" is not understood`)
    else target = word
  }
  const url = new URL(target!.replace(/^(?:http:\/\/)?localhost:3000/, base))
  const response = await fetch(url, {
    method: method ?? (body === undefined ? 'GET' : 'POST'),
    headers,
    body: body ?? null,
  })
  return response.text()
}
