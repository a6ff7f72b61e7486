import express from 'express'

import { openDataSource } from '../shared/data-source.js'
import { HOST, PORT } from '../shared/settings.js'
import { Ticket } from '../shared/ticket-entity.js'

const rows = (await openDataSource()).getRepository(Ticket)
const app = express()

app.get('/tickets/:id', async (request, response) => {
  const id = Number(request.params.id)
  if (!Number.isInteger(id)) return response.status(400).json({ status: 400 })
  const ticket = await rows.findOneBy({ id })
  if (!ticket) return response.status(404).json({ status: 404 })
  response.json(ticket)
})
app.get('/tickets', async (request, response) => {
  const take = Number(request.query.limit)
  if (!Number.isInteger(take)) return response.status(400).json({ status: 400 })
  response.json(await rows.find({ order: { id: 'ASC' }, take }))
})
app.listen(PORT, HOST)
