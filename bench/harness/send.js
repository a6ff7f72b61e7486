import { request as open } from 'node:http'

/** One request over a connection of its own; the whole answer. */
export function send(port, { method, path, headers, body }) {
  return new Promise((resolve, reject) => {
    const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }
    const options = { host: '127.0.0.1', port, method, path, headers: { ...headers, ...length }, agent: false }
    const request = open(options, (response) => {
      const chunks = []
      response.on('data', (chunk) => chunks.push(chunk))
      response.on('error', reject)
      response.on('end', () =>
        resolve({
          status: response.statusCode,
          headers: response.headers,
          body: Buffer.concat(chunks).toString('utf8'),
        }),
      )
    })
    request.setTimeout(10_000, () => request.destroy(new Error(`No answer to ${method} ${path}.`)))
    request.on('error', reject)
    request.end(body)
  })
}
