import { randomUUID } from 'node:crypto'

import express from 'express'
import jwt from 'jsonwebtoken'

import { accessLog, protection } from '../shared/express-middleware.js'
import { Order } from '../shared/order-zod.js'
import { receiveOrder } from '../shared/receive-order.js'
import { HOST, JWT_SECRET, PORT } from '../shared/settings.js'

const app = express()
app.use((request, response, next) => {
  request.id = randomUUID()
  response.setHeader('X-Request-Id', request.id)
  next()
})
app.use(accessLog(), protection())

app.post('/orders', authenticate, requireClerk, express.json(), (request, response) => {
  const { success, data, error } = Order.safeParse(request.body)
  if (!success) return response.status(400).json({ errors: error.issues })
  response.status(201).json(receiveOrder(data))
})
app.listen(PORT, HOST)

function authenticate(request, response, next) {
  const [scheme, token] = (request.headers.authorization ?? '').split(' ')
  try {
    if (scheme !== 'Bearer') throw new Error('No bearer token.')
    request.user = jwt.verify(token, JWT_SECRET, { algorithms: ['HS256'] })
  } catch {
    return response.status(401).json({ status: 401 })
  }
  next()
}

function requireClerk(request, response, next) {
  if (request.user.role !== 'clerk') return response.status(403).json({ status: 403 })
  next()
}
