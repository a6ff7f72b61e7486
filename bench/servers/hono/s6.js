/** Per-call state as Hono has it: the context's variables. */
import { Hono } from 'hono'

import { projectsOf } from '../shared/project-repository.js'
import { serveHono } from './serve-hono.js'

const app = new Hono()
app.use(async (c, next) => {
  const tenant = c.req.header('x-tenant')
  if (!tenant) return c.json({ status: 400 }, 400)
  c.set('tenant', tenant)
  await next()
})
app.get('/projects', async (c) => {
  const tenant = c.get('tenant')
  return c.json({ tenant, projects: await projectsOf(tenant) })
})
serveHono(app)
