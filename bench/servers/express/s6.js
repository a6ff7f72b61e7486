/** Per-call state as Express has it: `res.locals`. */
import express from 'express'

import { projectsOf } from '../shared/project-repository.js'
import { HOST, PORT } from '../shared/settings.js'

const app = express()
app.use((request, response, next) => {
  const tenant = request.get('x-tenant')
  if (!tenant) return response.status(400).json({ status: 400 })
  response.locals.tenant = tenant
  next()
})
app.get('/projects', async (_request, response) => {
  const { tenant } = response.locals
  response.json({ tenant, projects: await projectsOf(tenant) })
})
app.listen(PORT, HOST)
