import Fastify from 'fastify'

import { HOST, PORT } from '../shared/settings.js'
import { UserDirectory } from '../shared/user-directory.js'

const text = { type: 'string' }
const params = { type: 'object', properties: { org: text, id: { type: 'integer' } } }
const user = { type: 'object', properties: { org: text, id: { type: 'integer' }, name: text, email: text } }

const app = Fastify()
app.decorate('directory', new UserDirectory())

app.get('/orgs/:org/users/:id', { schema: { params, response: { 200: user } } }, (request) =>
  app.directory.find(request.params.org, request.params.id),
)

await app.listen({ port: PORT, host: HOST })
