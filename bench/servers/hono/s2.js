import { Hono } from 'hono'

import { UserDirectory } from '../shared/user-directory.js'
import { serveHono } from './serve-hono.js'

const app = new Hono()
const directory = new UserDirectory()

app.get('/orgs/:org/users/:id', (c) => {
  const { org, id } = c.req.param()
  const number = Number(id)
  if (!Number.isInteger(number)) return c.json({ status: 400 }, 400)
  return c.json(directory.find(org, number))
})
serveHono(app)
