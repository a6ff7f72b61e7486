import Fastify from 'fastify'

import { HOST, PORT } from '../shared/settings.js'

const app = Fastify()
const answer = { type: 'object', properties: { hello: { type: 'string' } } }

app.get('/hello', { schema: { response: { 200: answer } } }, () => ({ hello: 'world' }))

await app.listen({ port: PORT, host: HOST })
