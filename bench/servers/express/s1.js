import express from 'express'

import { HOST, PORT } from '../shared/settings.js'

const app = express()
app.get('/hello', (_request, response) => {
  response.json({ hello: 'world' })
})
app.listen(PORT, HOST)
