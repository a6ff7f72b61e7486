import { createReadStream, createWriteStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'

import Fastify from 'fastify'

import { DOWNLOAD_FILE, HOST, PORT, UPLOAD_FILE } from '../shared/settings.js'

const app = Fastify({ bodyLimit: Number.MAX_SAFE_INTEGER })
app.addContentTypeParser('application/octet-stream', (_request, payload, done) => done(null, payload))

app.put('/file', async (request) => {
  const target = createWriteStream(UPLOAD_FILE)
  await pipeline(request.body, target)
  return { bytes: target.bytesWritten }
})
app.get('/file', (_request, reply) => reply.type('application/octet-stream').send(createReadStream(DOWNLOAD_FILE)))

await app.listen({ port: PORT, host: HOST })
