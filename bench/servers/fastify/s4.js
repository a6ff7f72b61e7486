import { randomUUID } from 'node:crypto'

import cors from '@fastify/cors'
import helmet from '@fastify/helmet'
import jwt from '@fastify/jwt'
import rateLimit from '@fastify/rate-limit'
import Fastify from 'fastify'

import { ORDER_SCHEMA, RECEIPT_SCHEMA } from '../shared/order-schema.js'
import { receiveOrder } from '../shared/receive-order.js'
import { HOST, JWT_SECRET, LOG_FILE, ORIGIN, PORT, RATE_LIMIT, RATE_WINDOW_MS } from '../shared/settings.js'

const app = Fastify({
  ajv: { customOptions: { coerceTypes: false } },
  logger: { level: 'info', file: LOG_FILE },
  genReqId: () => randomUUID(),
})
app.addHook('onRequest', async (request, reply) => {
  reply.header('x-request-id', request.id)
})
await app.register(helmet)
await app.register(cors, { origin: [ORIGIN] })
await app.register(rateLimit, { max: RATE_LIMIT, timeWindow: RATE_WINDOW_MS })
await app.register(jwt, { secret: JWT_SECRET, verify: { algorithms: ['HS256'] } })

const authenticate = (request) => request.jwtVerify()
const requireClerk = async (request, reply) => {
  if (request.user.role !== 'clerk') return reply.code(403).send({ status: 403 })
}

app.post(
  '/orders',
  { onRequest: [authenticate, requireClerk], schema: { body: ORDER_SCHEMA, response: { 201: RECEIPT_SCHEMA } } },
  (request, reply) => {
    reply.code(201)
    return receiveOrder(request.body)
  },
)

await app.listen({ port: PORT, host: HOST })
