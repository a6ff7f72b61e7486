import { createReadStream, createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

import { Hono } from 'hono'

import { DOWNLOAD_FILE, UPLOAD_FILE } from '../shared/settings.js'
import { serveHono } from './serve-hono.js'

const app = new Hono()
app.put('/file', async (c) => {
  const target = createWriteStream(UPLOAD_FILE)
  await pipeline(Readable.fromWeb(c.req.raw.body), target)
  return c.json({ bytes: target.bytesWritten })
})
app.get('/file', (c) => {
  c.header('content-type', 'application/octet-stream')
  return c.body(Readable.toWeb(createReadStream(DOWNLOAD_FILE)))
})
serveHono(app)
