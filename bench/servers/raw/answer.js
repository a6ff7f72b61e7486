/** How the hand-written servers answer: one string, one writeHead, one write. */
import { createServer } from 'node:http'

import { HOST, PORT } from '../shared/settings.js'

export function json(response, status, value, headers = []) {
  const body = JSON.stringify(value)
  const head = ['Content-Type', 'application/json; charset=utf-8', 'Content-Length', Buffer.byteLength(body)]
  response.writeHead(status, headers.length === 0 ? head : head.concat(headers))
  response.end(body)
}

export function refuse(response, status, headers) {
  json(response, status, { status }, headers)
}

/** Reads a body of at most `limit` bytes; `undefined` for what is no JSON. */
export function readJson(request, use, limit = 1_048_576) {
  const chunks = []
  let length = 0
  request.on('data', (chunk) => {
    length += chunk.length
    if (length > limit) return request.destroy()
    chunks.push(chunk)
  })
  request.on('end', () => use(parse(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks))))
}

export function serve(handle) {
  createServer(handle).listen(PORT, HOST)
}

function parse(bytes) {
  try {
    return JSON.parse(bytes.toString('utf8'))
  } catch {
    return undefined
  }
}
