import { zValidator } from '@hono/zod-validator'
import { Hono } from 'hono'

import { Order } from '../shared/order-zod.js'
import { receiveOrder } from '../shared/receive-order.js'
import { serveHono } from './serve-hono.js'

const app = new Hono()
app.post('/orders', zValidator('json', Order), (c) => c.json(receiveOrder(c.req.valid('json')), 201))
serveHono(app)
