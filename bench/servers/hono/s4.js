import { createWriteStream } from 'node:fs'

import { getConnInfo } from '@hono/node-server/conninfo'
import { zValidator } from '@hono/zod-validator'
import { Hono } from 'hono'
import { cors } from 'hono/cors'
import { jwt } from 'hono/jwt'
import { logger } from 'hono/logger'
import { requestId } from 'hono/request-id'
import { secureHeaders } from 'hono/secure-headers'
import { rateLimiter } from 'hono-rate-limiter'

import { Order } from '../shared/order-zod.js'
import { receiveOrder } from '../shared/receive-order.js'
import { JWT_SECRET, LOG_FILE, ORIGIN, RATE_LIMIT, RATE_WINDOW_MS } from '../shared/settings.js'
import { serveHono } from './serve-hono.js'

const log = createWriteStream(LOG_FILE, { flags: 'a' })
const app = new Hono()
app.use(requestId())
app.use(logger((line) => log.write(`${line}\n`)))
app.use(secureHeaders())
app.use(cors({ origin: [ORIGIN] }))
app.use(
  rateLimiter({
    limit: RATE_LIMIT,
    windowMs: RATE_WINDOW_MS,
    keyGenerator: (c) => getConnInfo(c).remote.address ?? '',
  }),
)
app.use(jwt({ secret: JWT_SECRET, alg: 'HS256' }))
app.use(async (c, next) => {
  if (c.get('jwtPayload').role !== 'clerk') return c.json({ status: 403 }, 403)
  await next()
})
app.post('/orders', zValidator('json', Order), (c) => c.json(receiveOrder(c.req.valid('json')), 201))
serveHono(app)
