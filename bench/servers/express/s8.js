import { createReadStream, createWriteStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'

import express from 'express'

import { DOWNLOAD_FILE, HOST, PORT, UPLOAD_FILE } from '../shared/settings.js'

const app = express()
app.put('/file', async (request, response) => {
  const target = createWriteStream(UPLOAD_FILE)
  await pipeline(request, target)
  response.json({ bytes: target.bytesWritten })
})
app.get('/file', async (_request, response) => {
  response.type('application/octet-stream')
  await pipeline(createReadStream(DOWNLOAD_FILE), response)
})
app.listen(PORT, HOST)
