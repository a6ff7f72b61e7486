/** The full stack by hand: request id, access log, security headers, CORS, rate limit, JWT, role, validation. */
import { createHmac, createSecretKey, randomUUID, timingSafeEqual } from 'node:crypto'
import { openSync, write } from 'node:fs'

import { receiveOrder } from '../shared/receive-order.js'
import { SECURITY_HEADERS } from '../shared/security-headers.js'
import { JWT_SECRET, LOG_FILE, ORIGIN, RATE_LIMIT, RATE_WINDOW_MS } from '../shared/settings.js'
import { json, readJson, refuse, serve } from './answer.js'
import { isOrder } from './is-order.js'

const STATIC = Object.entries({ ...SECURITY_HEADERS, Vary: 'Origin' }).flat()
const KEY = createSecretKey(JWT_SECRET, 'utf8')
const log = openSync(LOG_FILE, 'a')
const windows = new Map()
let lines = ''

serve((request, response) => {
  const startedAt = performance.now()
  const id = randomUUID()
  const { remaining, resetSeconds } = count(request.socket.remoteAddress)
  const headers = STATIC.concat(
    ['X-Request-Id', id],
    ['RateLimit-Limit', RATE_LIMIT, 'RateLimit-Remaining', remaining, 'RateLimit-Reset', resetSeconds],
  )
  if (request.headers.origin === ORIGIN) headers.push('Access-Control-Allow-Origin', ORIGIN)
  response.on('finish', () => {
    const durationMs = performance.now() - startedAt
    const { method, url } = request
    writeLine(
      `{"time":${Date.now()},"id":"${id}","method":"${method}","url":${JSON.stringify(url)},"status":${response.statusCode},"durationMs":${durationMs.toFixed(3)}}\n`,
    )
  })
  if (remaining < 0) return refuse(response, 429, headers)
  if (request.method !== 'POST' || request.url !== '/orders') return refuse(response, 404, headers)
  const claims = verify(request.headers.authorization)
  if (!claims) return refuse(response, 401, headers)
  if (claims.role !== 'clerk') return refuse(response, 403, headers)
  readJson(request, (body) => {
    if (!isOrder(body)) return refuse(response, 400, headers)
    json(response, 201, receiveOrder(body), headers)
  })
})

function verify(authorization) {
  if (!authorization?.startsWith('Bearer ')) return undefined
  const [head, payload, signature, ...rest] = authorization.slice(7).split('.')
  if (signature === undefined || rest.length > 0) return undefined
  const given = Buffer.from(signature, 'base64url')
  const expected = createHmac('sha256', KEY).update(`${head}.${payload}`).digest()
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined
  if (JSON.parse(Buffer.from(head, 'base64url')).alg !== 'HS256') return undefined
  const claims = JSON.parse(Buffer.from(payload, 'base64url'))
  return claims.exp * 1000 > Date.now() ? claims : undefined
}

function count(caller) {
  const now = Date.now()
  let window = windows.get(caller)
  if (!window || window.endsAt <= now) windows.set(caller, (window = { hits: 0, endsAt: now + RATE_WINDOW_MS }))
  window.hits += 1
  return { remaining: RATE_LIMIT - window.hits, resetSeconds: Math.ceil((window.endsAt - now) / 1000) }
}

function writeLine(line) {
  if (lines === '') setImmediate(flush)
  lines += line
}

function flush() {
  write(log, lines, () => {})
  lines = ''
}
