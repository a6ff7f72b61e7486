import { json, refuse, serve } from './answer.js'

serve((request, response) => {
  if (request.method === 'GET' && request.url === '/hello') return json(response, 200, { hello: 'world' })
  refuse(response, 404)
})
