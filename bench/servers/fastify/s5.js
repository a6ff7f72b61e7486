import Fastify from 'fastify'

import { HOST, PORT, ROUTES } from '../shared/settings.js'

const app = Fastify()
const answer = { type: 'object', properties: { route: { type: 'integer' }, id: { type: 'string' } } }

for (let route = 0; route < ROUTES; route += 1) {
  app.get(`/api/r${route}/:id`, { schema: { response: { 200: answer } } }, (request) => ({
    route,
    id: request.params.id,
  }))
}

await app.listen({ port: PORT, host: HOST })
