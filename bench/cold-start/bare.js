/** The reference: node:http answering the same JSON by hand. */
import { createServer } from 'node:http'

const server = createServer((_request, response) => {
  const body = '{"hello":"world"}'
  response.writeHead(200, { 'content-type': 'application/json; charset=utf-8', 'content-length': body.length })
  response.end(body)
})
server.listen(Number(process.env.PORT), '127.0.0.1')
