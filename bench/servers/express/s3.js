import express from 'express'

import { Order } from '../shared/order-zod.js'
import { receiveOrder } from '../shared/receive-order.js'
import { HOST, PORT } from '../shared/settings.js'

const app = express()
app.use(express.json())
app.post('/orders', (request, response) => {
  const { success, data, error } = Order.safeParse(request.body)
  if (!success) return response.status(400).json({ errors: error.issues })
  response.status(201).json(receiveOrder(data))
})
app.listen(PORT, HOST)
