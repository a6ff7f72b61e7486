/** Per-call state as Fastify has it: a decorated request. */
import Fastify from 'fastify'

import { projectsOf } from '../shared/project-repository.js'
import { HOST, PORT } from '../shared/settings.js'

const app = Fastify()
const project = { type: 'object', properties: { id: { type: 'integer' }, name: { type: 'string' } } }
const answer = {
  type: 'object',
  properties: { tenant: { type: 'string' }, projects: { type: 'array', items: project } },
}

app.decorateRequest('tenant', '')
app.addHook('onRequest', async (request, reply) => {
  const tenant = request.headers['x-tenant']
  if (!tenant) return reply.code(400).send({ status: 400 })
  request.tenant = tenant
})
app.get('/projects', { schema: { response: { 200: answer } } }, async ({ tenant }) => ({
  tenant,
  projects: await projectsOf(tenant),
}))

await app.listen({ port: PORT, host: HOST })
