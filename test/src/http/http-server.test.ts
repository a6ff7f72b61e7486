import { once } from 'node:events'
import { createServer, IncomingMessage, ServerResponse } from 'node:http'
import { connect, type AddressInfo } from 'node:net'

import { NotFoundException } from '../../../src/errors/http-exceptions.ts'
import { Problem } from '../../../src/errors/problem.ts'
import { ctx } from '../../../src/pipeline/context.ts'
import { serve, Served, until } from './serve.ts'

const HELLO = { path: '/hello', handle: () => ({ hello: 'world' }) }

describe('HttpServer', () => {
  it('answers a route with what its endpoint returns', async () => {
    await using served = await serve([HELLO])

    const response = await served.request('/hello')

    expect(response.status).toBe(200)
    expect(await response.json()).toEqual({ hello: 'world' })
    expect(await served.outcomes(1)).toMatchObject([{ status: 200, error: undefined }])
    expect(served.logs.lines).toEqual([])
  })

  it('gives the handler its parameters and the ambient context, across await', async () => {
    await using served = await serve([
      {
        path: '/people/:name',
        handle: async ({ params }) => {
          await new Promise((resolve) => setImmediate(resolve))
          return { params, same: ctx().endpoint.name }
        },
      },
    ])

    const response = await served.request('/people/J%C3%B6rg')

    expect(await response.json()).toEqual({ params: { name: 'Jörg' }, same: 'Samples.GET /people/:name' })
  })

  it('echoes an acceptable request id and makes one otherwise', async () => {
    await using served = await serve([{ path: '/id', handle: ({ id }) => id }])

    const sent = await served.request('/id', { headers: { 'x-request-id': 'abc-1' } })
    const made = await served.request('/id', { headers: { 'x-request-id': 'no good' } })

    expect([await sent.json(), sent.headers.get('x-request-id')]).toEqual(['abc-1', 'abc-1'])
    expect(made.headers.get('x-request-id')).toBe(await made.json())
    expect(made.headers.get('x-request-id')).toMatch(/-7/)
  })

  it.each([
    ['res.end()', (response: ServerResponse) => void response.end('x')],
    ['setHeader and end', (response: ServerResponse) => void response.setHeader('a', 'b').end('x')],
    ['writeHead with an object', (response: ServerResponse) => void response.writeHead(200, { a: 'b' }).end('x')],
    [
      'writeHead with a phrase',
      (response: ServerResponse) => void response.writeHead(200, 'Fine', { a: 'b' }).end('x'),
    ],
    ['writeHead with a flat array', (response: ServerResponse) => void response.writeHead(200, ['a', 'b']).end('x')],
    ['both', (response: ServerResponse) => void response.setHeader('c', 'd').writeHead(200, ['a', 'b']).end('x')],
  ])('sends the request id however the head is written: %s', async (_how, answer) => {
    await using served = await serve([{ path: '/', isUnmanaged: true, handle: ({ response }) => answer(response) }])

    const response = await served.request('/', { headers: { 'x-request-id': 'me' } })

    expect(response.headers.get('x-request-id')).toBe('me')
    expect(await response.text()).toBe('x')
  })

  it('answers HEAD as GET, without a body', async () => {
    await using served = await serve([HELLO])

    const response = await served.request('/hello', { method: 'HEAD' })

    expect(response.status).toBe(200)
    expect(response.headers.get('content-length')).toBe('17')
    expect(await response.text()).toBe('')
  })

  it('answers OPTIONS by itself', async () => {
    await using served = await serve([HELLO, { ...HELLO, method: 'POST' }])

    const one = await served.request('/hello', { method: 'OPTIONS' })
    const all = await served.exchange('OPTIONS * HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')

    expect([one.status, one.headers.get('allow')]).toEqual([204, 'GET, HEAD, POST, OPTIONS'])
    expect(all).toMatch(/^HTTP\/1\.1 204 No Content\r\n/)
    expect(all.toLowerCase()).toContain('allow: get, head, post, options')
  })

  it.each([
    ['GET', '/nowhere?token=1', 404, 'HTTP_ROUTE_NOT_FOUND', 'Unanswered.notFound'],
    ['PUT', '/hello', 405, 'HTTP_METHOD_NOT_ALLOWED', 'Unanswered.methodNotAllowed'],
    ['OPTIONS', '/nowhere', 404, 'HTTP_ROUTE_NOT_FOUND', 'Unanswered.notFound'],
    ['GET', '/hello/%zz', 400, 'HTTP_PATH_MALFORMED', 'Unanswered.malformedPath'],
    ['POST', '/%', 400, 'HTTP_PATH_MALFORMED', 'Unanswered.malformedPath'],
    ['GET', `/${'x'.repeat(9000)}`, 414, 'HTTP_URL_TOO_LONG', 'Unanswered.urlTooLong'],
  ])('answers %s %.20s with a problem that interceptors see: %d', async (method, path, status, code, endpoint) => {
    await using served = await serve([HELLO])

    const response = await served.request(path, { method, headers: { 'x-request-id': 'r1' } })
    const body = (await response.json()) as object

    expect(response.status).toBe(status)
    expect(response.headers.get('content-type')).toBe('application/problem+json')
    expect(response.headers.get('x-content-type-options')).toBe('nosniff')
    expect(response.headers.get('allow')).toBe(status === 405 ? 'GET, HEAD, OPTIONS' : null)
    expect(body).toMatchObject({ status, code, traceId: 'r1', type: `urn:tenon:problem:${code}` })
    expect(JSON.stringify(body)).not.toContain('token')
    expect(await served.outcomes(1)).toMatchObject([{ status, endpoint }])
    expect(served.logs.lines).toHaveLength(1)
    expect(served.logs.lines).toMatchObject([{ level: 'debug', fields: { requestId: 'r1', status, code } }])
  })

  it('uses the trace id of a valid traceparent', async () => {
    await using served = await serve([])

    const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'
    const response = await served.request('/', { headers: { traceparent } })

    expect(await response.json()).toMatchObject({ traceId: '4bf92f3577b34da6a3ce929d0e0e4736' })
  })

  it('keeps headers of interceptors on a problem, and drops those of the representation', async () => {
    await using served = await serve([
      {
        path: '/',
        handle: ({ response }) => {
          response.setHeader('access-control-allow-origin', '*')
          response.setHeader('content-type', 'image/png')
          response.setHeader('etag', '"1"')
          response.setHeader('cache-control', 'public')
          throw new NotFoundException('No such ticket.', { headers: { 'retry-after': '7' } })
        },
      },
    ])

    const response = await served.request('/')

    expect(await response.json()).toMatchObject({ code: 'HTTP_NOT_FOUND', detail: 'No such ticket.' })
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'access-control-allow-origin': '*',
      'content-type': 'application/problem+json',
      'retry-after': '7',
    })
    expect(response.headers.has('etag') || response.headers.has('cache-control')).toBe(false)
  })

  it('still answers when a problem has a header nobody can send', async () => {
    await using served = await serve([
      {
        path: '/',
        handle: () => {
          throw new Problem({ status: 409, headers: { 'x-bad': 'a\r\nx-injected: 1' } })
        },
      },
    ])

    const response = await served.request('/')

    expect(response.status).toBe(409)
    expect(response.headers.has('x-injected')).toBe(false)
    expect(served.loggedAt('error')).toHaveLength(1)
  })

  it.each([
    [
      'throws',
      () => {
        throw new Error('no mapper')
      },
    ],
    ['rejects', () => Promise.reject(new Error('no mapper'))],
  ])('answers 500 when the mapping of errors itself %s', async (_how, toProblem) => {
    await using served = await serve(
      [
        {
          path: '/',
          handle: () => {
            throw new Error('first')
          },
        },
      ],
      { toProblem },
    )

    const response = await served.request('/')

    expect(response.status).toBe(500)
    expect(await response.text()).not.toMatch(/first|no mapper/)
    expect(served.loggedAt('error').map((line) => (line.fields['error'] as Error).message)).toEqual([
      'no mapper',
      'first',
    ])
  })

  it('accepts an asynchronous mapping of errors', async () => {
    const toProblem = async () => new Problem({ status: 418, code: 'TEA' })
    await using served = await serve(
      [
        {
          path: '/',
          handle: () => {
            throw new Error('x')
          },
        },
      ],
      { toProblem },
    )

    expect(await (await served.request('/')).json()).toMatchObject({ status: 418, code: 'TEA' })
  })

  it('lets interceptors replace an error by an answer', async () => {
    await using served = await serve([{ path: '/', handle: () => Promise.reject(new Error('x')) }], {
      arounds: [
        {
          name: 'rescue',
          phase: 'around',
          order: 0,
          around: async (_context, next) => {
            try {
              return await next()
            } catch {
              return { rescued: true }
            }
          },
        },
      ],
    })

    expect(await (await served.request('/')).json()).toEqual({ rescued: true })
    expect(served.logs.lines).toEqual([])
  })

  it('says which port is taken', async () => {
    await using first = await serve([])
    await using second = new Served([])

    await expect(second.server.listen({ port: first.port })).rejects.toMatchObject({
      code: 'SERVER_PORT_TAKEN',
      message: `Port ${first.port} on 127.0.0.1 is taken by another process.`,
    })
  })

  it('says which address it cannot use, and refuses to listen twice', async () => {
    await using served = await serve([])
    await using other = new Served([])

    await expect(other.server.listen({ port: 0, host: '192.0.2.1' })).rejects.toMatchObject({
      code: 'SERVER_ADDRESS_UNUSABLE',
    })
    await expect(served.server.listen({ port: 0 })).rejects.toMatchObject({ code: 'SERVER_ALREADY_LISTENING' })
  })

  it.each([
    [true, undefined, '0.0.0.0'],
    [false, undefined, '127.0.0.1'],
    [true, '127.0.0.1', '127.0.0.1'],
  ])('binds by environment and configuration (production %p, HOST %p)', async (isProduction, host, expected) => {
    await using served = new Served([], { isProduction, config: { host } })

    expect((await served.server.listen({ port: 0 })).address).toBe(expected)
  })

  it('serves as a plain listener of another server', async () => {
    await using served = new Served([
      HELLO,
      {
        path: '/express',
        isUnmanaged: true,
        handle: ({ request, response }) => void response.json({ q: request.query, ip: request.ip }),
      },
    ])
    const foreign = createServer(await served.server.handler())
    foreign.listen(0, '127.0.0.1')
    await once(foreign, 'listening')
    served.port = (foreign.address() as AddressInfo).port

    const hello = await served.request('/hello', { headers: { 'x-request-id': 'r9' } })
    const express = await served.request('/express?a=1')
    const missing = await served.request('/missing')

    expect([await hello.json(), hello.headers.get('x-request-id')]).toEqual([{ hello: 'world' }, 'r9'])
    expect(await express.json()).toEqual({ q: { a: '1' }, ip: '127.0.0.1' })
    expect(missing.status).toBe(404)
    expect(await served.outcomes(3)).toHaveLength(3)
    foreign.closeAllConnections()
    foreign.close()
  })

  it('serves objects that were made by hand, as functions as a service do', async () => {
    await using served = new Served([HELLO])
    const handle = await served.server.handler()
    const socket = connect({ port: 1, host: '127.0.0.1' }).on('error', () => undefined)
    const request = Object.assign(new IncomingMessage(socket), { method: 'GET', url: '/hello', headers: { host: 'x' } })
    const response = new ServerResponse(request)
    const chunks: Buffer[] = []
    response.write = (chunk: Buffer | string) => chunks.push(Buffer.from(chunk)) > 0
    response.end = ((chunk: string) => {
      chunks.push(Buffer.from(chunk))
      response.emit('finish')
    }) as never

    handle(request, response)

    expect(Buffer.concat(chunks).toString()).toBe('{"hello":"world"}')
    expect(response.statusCode).toBe(200)
    await until(() => served.server.inFlight === 0, 'the end of the call')
    socket.destroy()
  })

  it('ignores a wish to upgrade and answers as usual, and is no proxy', async () => {
    await using served = await serve([HELLO])

    const upgrade = await served.exchange(
      'GET /hello HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade, close\r\nSec-WebSocket-Key: x\r\n\r\n',
    )
    const tunnel = await served.exchange('CONNECT example.org:443 HTTP/1.1\r\nHost: example.org\r\n\r\n')

    expect(upgrade).toMatch(/^HTTP\/1\.1 200 OK/)
    expect(tunnel).toMatch(/^HTTP\/1\.1 501 Not Implemented/)
    expect(tunnel).toContain('HTTP_CONNECT_NOT_SUPPORTED')
  })

  it('lets calls in flight finish when it drains, and tells connections to close', async () => {
    const gate = Promise.withResolvers<string>()
    await using served = await serve([HELLO, { path: '/slow', handle: () => gate.promise }])
    const idle = await served.connect('GET /hello HTTP/1.1\r\nHost: x\r\n\r\n')
    await idle.until('world')
    const busy = await served.connect('GET /slow HTTP/1.1\r\nHost: x\r\n\r\n')
    await until(() => served.server.inFlight === 1, 'the slow call')

    const drained = served.server.drain(5000)
    await idle.untilClosed()
    await expect(served.request('/hello')).rejects.toThrow('fetch failed')
    gate.resolve('done')
    await drained

    expect(await busy.untilClosed()).toMatch(/Connection: close[^]*"done"/i)
    expect(served.server.inFlight).toBe(0)
  })

  it('cuts what is still in flight when the time to drain is over', async () => {
    await using served = await serve([{ path: '/never', handle: () => new Promise(() => undefined) }])
    const busy = await served.connect('GET /never HTTP/1.1\r\nHost: x\r\n\r\n')
    await until(() => served.server.inFlight === 1, 'the call')

    await served.server.drain(30)

    expect(await busy.untilClosed()).toBe('')
    expect(await served.outcomes(1)).toMatchObject([{ status: 499 }])
  })

  it('asks for the body of a 100-continue call only when somebody reads it', async () => {
    await using served = await serve([
      {
        method: 'POST',
        path: '/read',
        handle: async ({ request }) => {
          const chunks: Buffer[] = []
          for await (const chunk of request) chunks.push(chunk as Buffer)
          return Buffer.concat(chunks).toString()
        },
      },
      {
        method: 'POST',
        path: '/refuse',
        handle: () => {
          throw new NotFoundException('no')
        },
      },
    ])
    const head = (path: string) =>
      `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n`

    const refused = await served.exchange(head('/refuse'))
    const read = await served.connect(head('/read'))
    await read.until('HTTP/1.1 100 Continue\r\n\r\n')
    read.send('body')

    expect(await read.until('"body"')).toContain('HTTP/1.1 200 OK')
    expect(refused).toMatch(/^HTTP\/1\.1 404 Not Found/)
    expect(refused).not.toContain('100 Continue')
  })

  it('refuses other expectations', async () => {
    await using served = await serve([HELLO])

    const answer = await served.exchange('GET /hello HTTP/1.1\r\nHost: x\r\nExpect: miracles\r\n\r\n')

    expect(answer).toMatch(/^HTTP\/1\.1 417 Expectation Failed/)
    expect(answer).toContain('HTTP_EXPECTATION_FAILED')
  })

  it('closes an idle connection after its keep-alive time', async () => {
    await using served = await serve([HELLO], { config: { keepAliveMs: 50 } })

    const wire = await served.connect('GET /hello HTTP/1.1\r\nHost: x\r\n\r\n')

    expect(await wire.untilClosed()).toContain('world')
  })
})
