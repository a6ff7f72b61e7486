/** Without what Express adds to every answer unless told otherwise: ETag and X-Powered-By. */
import express from 'express'

import { HOST, PORT } from '../shared/settings.js'

const app = express()
app.disable('etag')
app.disable('x-powered-by')
app.get('/hello', (_request, response) => {
  response.json({ hello: 'world' })
})
app.listen(PORT, HOST)
