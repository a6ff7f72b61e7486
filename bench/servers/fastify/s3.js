import Fastify from 'fastify'

import { ORDER_SCHEMA, RECEIPT_SCHEMA } from '../shared/order-schema.js'
import { receiveOrder } from '../shared/receive-order.js'
import { HOST, PORT } from '../shared/settings.js'

const app = Fastify({ ajv: { customOptions: { coerceTypes: false } } })

app.post('/orders', { schema: { body: ORDER_SCHEMA, response: { 201: RECEIPT_SCHEMA } } }, (request, reply) => {
  reply.code(201)
  return receiveOrder(request.body)
})

await app.listen({ port: PORT, host: HOST })
