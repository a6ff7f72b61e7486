import express from 'express'

import { HOST, PORT, ROUTES } from '../shared/settings.js'

const app = express()
for (let route = 0; route < ROUTES; route += 1) {
  app.get(`/api/r${route}/:id`, (request, response) => {
    response.json({ route, id: request.params.id })
  })
}
app.listen(PORT, HOST)
