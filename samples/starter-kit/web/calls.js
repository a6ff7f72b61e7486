/** Calls of the API that everybody uses, with the session cookie and the token against forged calls. */
let csrfToken = ''
const remedies = new Map()

/** A problem that the desk has answered (RFC 9457). */
export class Refused extends Error {
  constructor(status, problem) {
    const details = (problem?.errors ?? []).map(({ pointer, detail }) => `${pointer}: ${detail}`)
    super([problem?.detail ?? `The desk answered ${status}.`, ...details].join(' '))
    this.problem = problem ?? {}
  }
}

/** What is done about a problem with this code, before the call is repeated once. */
export function remedy(code, work) {
  remedies.set(code, work)
}

export function read(path) {
  return call('GET', path)
}

export function send(method, path, json) {
  return call(method, path, json)
}

async function call(method, path, json, isRepeated = false) {
  const headers = { 'x-csrf-token': csrfToken, ...(json && { 'content-type': 'application/json' }) }
  const response = await fetch(path, { method, headers, ...(json && { body: JSON.stringify(json) }) })
  const text = await response.text()
  const body = text ? JSON.parse(text) : undefined
  if (response.ok) {
    csrfToken = body?.csrfToken || csrfToken
    return body
  }
  const mend = isRepeated ? undefined : remedies.get(body?.code)
  if (!mend) throw new Refused(response.status, body)
  await mend(body)
  return call(method, path, json, true)
}
