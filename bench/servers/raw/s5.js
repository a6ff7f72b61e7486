import { ROUTES } from '../shared/settings.js'
import { json, refuse, serve } from './answer.js'

const PREFIX = '/api/r'
const handlers = Array.from({ length: ROUTES }, (_, route) => (id) => ({ route, id }))
const routes = new Map(handlers.map((handler, route) => [`${PREFIX}${route}`, handler]))

serve((request, response) => {
  const { method, url } = request
  const slash = url.lastIndexOf('/')
  const handler = method === 'GET' ? routes.get(url.slice(0, slash)) : undefined
  if (!handler) return refuse(response, 404)
  json(response, 200, handler(decodeURIComponent(url.slice(slash + 1))))
})
