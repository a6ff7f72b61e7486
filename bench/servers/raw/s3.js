import { receiveOrder } from '../shared/receive-order.js'
import { json, readJson, refuse, serve } from './answer.js'
import { isOrder } from './is-order.js'

serve((request, response) => {
  if (request.method !== 'POST' || request.url !== '/orders') return refuse(response, 404)
  readJson(request, (body) => {
    if (!isOrder(body)) return refuse(response, 400)
    json(response, 201, receiveOrder(body))
  })
})
