import { Hono } from 'hono'

import { openDataSource } from '../shared/data-source.js'
import { Ticket } from '../shared/ticket-entity.js'
import { serveHono } from './serve-hono.js'

const rows = (await openDataSource()).getRepository(Ticket)
const app = new Hono()

app.get('/tickets/:id', async (c) => {
  const id = Number(c.req.param('id'))
  if (!Number.isInteger(id)) return c.json({ status: 400 }, 400)
  const ticket = await rows.findOneBy({ id })
  return ticket ? c.json(ticket) : c.json({ status: 404 }, 404)
})
app.get('/tickets', async (c) => {
  const take = Number(c.req.query('limit'))
  if (!Number.isInteger(take)) return c.json({ status: 400 }, 400)
  return c.json(await rows.find({ order: { id: 'ASC' }, take }))
})
serveHono(app)
