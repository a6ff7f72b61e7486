import { Hono } from 'hono'

import { ROUTES } from '../shared/settings.js'
import { serveHono } from './serve-hono.js'

const app = new Hono()
for (let route = 0; route < ROUTES; route += 1) {
  app.get(`/api/r${route}/:id`, (c) => c.json({ route, id: c.req.param('id') }))
}
serveHono(app)
