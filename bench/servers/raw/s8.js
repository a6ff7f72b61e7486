import { createReadStream, createWriteStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'

import { DOWNLOAD_FILE, UPLOAD_FILE } from '../shared/settings.js'
import { json, refuse, serve } from './answer.js'

serve(async (request, response) => {
  if (request.method === 'PUT' && request.url === '/file') {
    const target = createWriteStream(UPLOAD_FILE)
    await pipeline(request, target)
    return json(response, 200, { bytes: target.bytesWritten })
  }
  if (request.method !== 'GET' || request.url !== '/file') return refuse(response, 404)
  response.writeHead(200, { 'content-type': 'application/octet-stream' })
  await pipeline(createReadStream(DOWNLOAD_FILE), response)
})
