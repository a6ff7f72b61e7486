import Fastify from 'fastify'

import { openDataSource } from '../shared/data-source.js'
import { HOST, PORT } from '../shared/settings.js'
import { Ticket } from '../shared/ticket-entity.js'

const rows = (await openDataSource()).getRepository(Ticket)
const app = Fastify()
const text = { type: 'string' }
const whole = { type: 'integer' }
const ticket = {
  type: 'object',
  properties: { id: whole, title: text, body: text, state: text, priority: whole, requester: text, createdAt: text },
}
const params = { type: 'object', properties: { id: whole } }
const querystring = { type: 'object', required: ['limit'], properties: { limit: whole } }

app.get('/tickets/:id', { schema: { params, response: { 200: ticket } } }, async (request, reply) => {
  const found = await rows.findOneBy({ id: request.params.id })
  return found ?? reply.code(404).send({ status: 404 })
})
app.get('/tickets', { schema: { querystring, response: { 200: { type: 'array', items: ticket } } } }, (request) =>
  rows.find({ order: { id: 'ASC' }, take: request.query.limit }),
)

await app.listen({ port: PORT, host: HOST })
