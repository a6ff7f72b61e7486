/** A day at the service desk, somewhat hurried: people who read, write, mistype, and have no token. */
import { setTimeout as sleep } from 'node:timers/promises'

const DEMO = { email: 'ben.okafor@northwind.example', password: 'service-desk-demo' }
const PATIENCE_MS = 60_000
const WAVE_MS = 90_000
/** Tokens last five minutes. */
const LOGIN_MS = 120_000

/** @param base - `http://127.0.0.1:3000` */
export async function load(base, seconds) {
  let authorization = await login(base)
  let loginAt = Date.now()
  const read = (path, headers = { authorization }) => fetch(base + path, { headers })
  const write = (path, body) => post(base + path, body, { authorization })
  const ticket = (most) => `/api/tickets/${1 + Math.floor(Math.random() * most)}`
  const calls = [
    [10, () => read(`/api/tickets?state=open&sort=-priority&size=${3 + Math.floor(Math.random() * 20)}`)],
    [12, () => read(ticket(38))],
    [6, () => read(`${ticket(20)}/comments`)],
    [2, () => write('/api/tickets', { subject: 'Printer jams', description: 'It eats paper.', priority: 'low' })],
    [1, () => write('/api/tickets', { title: 1 })],
    [3, () => write(`${ticket(20)}/comments`, { body: 'On it.' })],
    [2, () => read('/api/tickets', {})],
    [2, () => read('/api/me')],
    [2, () => read('/api/tickets', { 'x-api-version': '1', authorization })],
    [1, () => read('/nowhere')],
  ].flatMap(([share, call]) => Array.from({ length: share }, () => call))
  for (const end = Date.now() + seconds * 1000; Date.now() < end;) {
    if (Date.now() - loginAt > LOGIN_MS) {
      authorization = await login(base)
      loginAt = Date.now()
    }
    const response = await calls[Math.floor(Math.random() * calls.length)]()
    await response.text()
    await sleep((50 + Math.random() * 50) / (1 + 0.6 * Math.sin((Date.now() / WAVE_MS) * Math.PI)))
  }
}

/** As soon as the application answers. */
async function login(base) {
  for (const end = Date.now() + PATIENCE_MS; Date.now() < end; await sleep(200)) {
    const response = await post(`${base}/api/auth/token`, DEMO).catch(() => undefined)
    if (response?.ok) return `Bearer ${(await response.json()).accessToken}`
  }
  throw new Error(`${base} does not answer.`)
}

function post(url, body, headers = {}) {
  return fetch(url, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
}
