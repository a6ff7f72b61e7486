import { Hono } from 'hono'

import { serveHono } from './serve-hono.js'

const app = new Hono()
app.get('/hello', (c) => c.json({ hello: 'world' }))
serveHono(app)
