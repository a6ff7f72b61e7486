/** Well-known Express middleware on a mounted server, each as its own documentation uses it. */
import { gunzipSync } from 'node:zlib'
import { get } from 'node:http'
import { createRequire } from 'node:module'

import express, {
  type NextFunction,
  type Request,
  type RequestHandler,
  type Response as ExpressResponse,
} from 'express'

import { EXPRESS_REQUEST_MEMBERS, EXPRESS_RESPONSE_MEMBERS } from '../../../src/http/express-members.ts'
import type { HttpServer } from '../../../src/http/http-server.ts'
import { ctx, tryCtx } from '../../../src/pipeline/context.ts'
import { serve, Served, type SampleRoute } from './serve.ts'

const require = createRequire(import.meta.url)
const load = <T>(name: string): T => require(name) as T

interface Passport {
  initialize(): RequestHandler
  authenticate(name: string, options: object): RequestHandler
  use(strategy: object): void
}

type MiddlewareFactory = (options?: object) => RequestHandler

const HELLO: SampleRoute = { path: '/hello', handle: () => ({ hello: 'world' }) }

const mount =
  (...mounted: readonly unknown[]) =>
  (server: HttpServer): void =>
    server.use(...mounted)

describe('Express middleware', () => {
  it('helmet sets its headers on answers and problems', async () => {
    await using served = await serve([HELLO], { mount: mount(load<MiddlewareFactory>('helmet')()) })

    for (const path of ['/hello', '/nothing']) {
      const { headers } = await served.request(path)
      expect(headers.get('content-security-policy')).toContain("default-src 'self'")
      expect(headers.get('strict-transport-security')).toContain('max-age')
      expect(headers.get('x-powered-by')).toBeNull()
    }
  })

  it('cors answers preflights, also where only another method has a route', async () => {
    const cors = load<MiddlewareFactory>('cors')({ origin: 'https://app.example', credentials: true })
    await using served = await serve([{ ...HELLO, method: 'PUT' }], { mount: mount(cors) })

    const headers = { origin: 'https://app.example', 'access-control-request-method': 'PUT' }
    const preflight = await served.request('/hello', { method: 'OPTIONS', headers })
    const actual = await served.request('/hello', { method: 'PUT', headers })

    expect([preflight.status, preflight.headers.get('access-control-allow-methods')]).toEqual([
      204,
      'GET,HEAD,PUT,PATCH,POST,DELETE',
    ])
    expect([actual.status, actual.headers.get('access-control-allow-origin')]).toEqual([200, 'https://app.example'])
  })

  it('compression compresses', async () => {
    const long = { path: '/long', handle: () => 'x'.repeat(5000) }
    await using served = await serve([long], { mount: mount(load<MiddlewareFactory>('compression')()) })

    const [encoding, body] = await new Promise<[string | undefined, Buffer]>((resolve, reject) => {
      get(`${served.url}/long`, { headers: { 'accept-encoding': 'gzip' }, agent: false }, (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('end', () => resolve([response.headers['content-encoding'], Buffer.concat(chunks)]))
      }).on('error', reject)
    })

    expect(encoding).toBe('gzip')
    expect(body.length).toBeLessThan(200)
    expect(JSON.parse(gunzipSync(body).toString())).toHaveLength(5000)
  })

  it('cookie-parser reads plain and signed cookies; res.cookie signs with its secret', async () => {
    const cookieParser = load<(secret: string) => RequestHandler>('cookie-parser')
    await using served = await serve(
      [
        {
          path: '/set',
          isUnmanaged: true,
          handle: ({ response }) => void response.cookie('who', 'me', { signed: true, httpOnly: true }).send('ok'),
        },
        {
          path: '/get',
          handle: ({ request }) => ({ plain: request.cookies as unknown, signed: request.signedCookies as unknown }),
        },
      ],
      { mount: mount(cookieParser('secret')) },
    )

    const cookie = (await served.request('/set')).headers.getSetCookie()[0]!.split(';')[0]!
    const read = await served.request('/get', { headers: { cookie: `${cookie}; a=1` } })

    expect(await read.json()).toEqual({ plain: { a: '1' }, signed: { who: 'me' } })
  })

  it('express-session keeps a session', async () => {
    const session = load<MiddlewareFactory & { MemoryStore: new () => object }>('express-session')
    const handler = session({ secret: 's', resave: false, saveUninitialized: true, store: new session.MemoryStore() })
    const count: SampleRoute = {
      path: '/count',
      handle: ({ request }) => {
        const kept = (request as unknown as { session: { count?: number } }).session
        return (kept.count = (kept.count ?? 0) + 1)
      },
    }
    await using served = await serve([count], { mount: mount(handler) })

    const first = await served.request('/count')
    const cookie = first.headers.getSetCookie()[0]!.split(';')[0]!
    const second = await served.request('/count', { headers: { cookie } })

    expect([await first.json(), await second.json()]).toEqual([1, 2])
  })

  it('multer takes files', async () => {
    const multer = load<(() => { single(name: string): RequestHandler }) & { memoryStorage(): object }>('multer')
    const upload: SampleRoute = {
      method: 'POST',
      path: '/upload',
      handle: ({ request }) => {
        const { file, body } = request as unknown as { file: { originalname: string; buffer: Buffer }; body: object }
        return { name: file.originalname, text: file.buffer.toString(), body }
      },
    }
    await using served = await serve([upload], { mount: mount('/upload', multer().single('file')) })

    const form = new FormData()
    form.set('note', 'n')
    form.set('file', new Blob(['content']), 'a.txt')
    const response = await served.request('/upload', { method: 'POST', body: form })

    expect(await response.json()).toEqual({ name: 'a.txt', text: 'content', body: { note: 'n' } })
  })

  it('morgan logs answers, problems included', async () => {
    const lines: string[] = []
    const morgan = load<(format: string, options: object) => RequestHandler>('morgan')
    const logger = morgan(':method :url :status :res[content-length]', {
      stream: { write: (line: string) => lines.push(line.trim()) },
    })
    await using served = await serve([HELLO], { mount: mount(logger) })

    await (await served.request('/hello?a=1')).text()
    await (await served.request('/nothing')).text()
    await served.outcomes(2)

    expect(lines[0]).toBe('GET /hello?a=1 200 17')
    expect(lines[1]).toMatch(/^GET \/nothing 404 \d+$/)
  })

  it('passport authenticates', async () => {
    const passport = new (load<{ Passport: new () => Passport }>('passport').Passport)()
    passport.use({
      name: 'key',
      authenticate(this: { success(user: object): void; fail(status: number): void }, request: Request) {
        return request.get('x-key') === 'k' ? this.success({ id: 'u1' }) : this.fail(401)
      },
    })
    const me: SampleRoute = { path: '/me', handle: ({ request }) => (request as unknown as { user: object }).user }
    await using served = await serve([me], {
      mount: mount(passport.initialize(), passport.authenticate('key', { session: false })),
    })

    const known = await served.request('/me', { headers: { 'x-key': 'k' } })
    const unknown = await served.request('/me')

    expect(await known.json()).toEqual({ id: 'u1' })
    expect([unknown.status, await unknown.text()]).toEqual([401, 'Unauthorized'])
    expect(await served.outcomes(2)).toMatchObject([{ status: 200 }, { status: 401 }])
  })

  it('all of them work together, with express.json', async () => {
    const names = ['helmet', 'cors', 'compression', 'cookie-parser'] as const
    const echo: SampleRoute = { method: 'POST', path: '/echo', handle: ({ request }) => request.body as unknown }
    await using served = await serve([echo], {
      mount: mount(...names.map((name) => load<MiddlewareFactory>(name)()), [express.json()]),
    })

    const headers = { 'content-type': 'application/json' }
    const good = await served.request('/echo', { method: 'POST', headers, body: '{"a":1}' })
    const bad = await served.request('/echo', { method: 'POST', headers, body: '{"a":' })

    expect(await good.json()).toEqual({ a: 1 })
    expect([bad.status, bad.headers.get('content-type')]).toEqual([400, 'application/problem+json'])
  })
})

describe('what is mounted', () => {
  it('runs inside the call: ctx() works, and the handler keeps its context however next is called', async () => {
    const seen: string[] = []
    const aside: RequestHandler = (_request, _response, next) => {
      seen.push(ctx().endpoint.name)
      // A timer of the application's own has lost the call's context.
      outside.push(next)
    }
    const outside: NextFunction[] = []
    const timer = setInterval(() => outside.splice(0).forEach((next) => next()), 5)
    await using served = await serve([{ path: '/', handle: () => tryCtx()?.endpoint.name }], { mount: mount(aside) })

    const response = await served.request('/')
    clearInterval(timer)

    expect(await response.json()).toBe('Samples.GET /')
    expect(seen).toEqual(['Samples.GET /'])
  })

  it('a router and a sub-application answer paths that have no route, with their own view of the path', async () => {
    const router = express.Router()
    router.get('/items/:id', (request, response) => {
      response.json({
        id: request.params['id'],
        base: request.baseUrl,
        url: request.url,
        original: request.originalUrl,
      })
    })
    const sub = express()
    sub.set('query parser', 'extended')
    sub.get('/deep', (request, response) => void response.json({ query: request.query, path: request.path }))
    await using served = await serve([HELLO], {
      mount: (server) => {
        server.use('/legacy', router)
        server.use('/sub', sub)
      },
    })

    const routed = await served.request('/legacy/items/7?x=1')
    const deep = await served.request('/sub/deep?a[b]=c')
    const options = await served.request('/legacy/items/7', { method: 'OPTIONS' })
    const missing = await served.request('/legacy/nothing')

    expect(await routed.json()).toEqual({
      id: '7',
      base: '/legacy',
      url: '/items/7?x=1',
      original: '/legacy/items/7?x=1',
    })
    expect(await deep.json()).toEqual({ query: { a: { b: 'c' } }, path: '/deep' })
    expect([options.status, options.headers.get('allow')]).toEqual([200, 'GET, HEAD'])
    expect(await missing.json()).toMatchObject({
      code: 'HTTP_ROUTE_NOT_FOUND',
      detail: 'Nothing answers GET /legacy/nothing.',
    })
    expect((await served.request('/hello')).status).toBe(200)
    expect(await served.outcomes(5)).toHaveLength(5)
  })

  it('a middleware that answers ends the call without the handler', async () => {
    let called = false
    const gate: RequestHandler = (_request, response) => void response.status(403).json({ no: 'entry' })
    await using served = await serve([{ path: '/', handle: () => (called = true) }], { mount: mount(gate) })

    const response = await served.request('/')

    expect([response.status, await response.json()]).toEqual([403, { no: 'entry' }])
    expect(await served.outcomes(1)).toMatchObject([{ status: 403, error: undefined }])
    expect(called).toBe(false)
  })

  it('errors go to error middleware first, then to the problem mapping', async () => {
    const failing: RequestHandler = (request, _response, next) =>
      next(
        request.path === '/known'
          ? new TypeError('known')
          : Object.assign(new Error('unknown'), { status: 422, expose: true }),
      )
    const handling = (error: unknown, _request: Request, response: ExpressResponse, next: NextFunction): void => {
      if (error instanceof TypeError) response.status(400).send('handled')
      else next(error)
    }
    await using served = await serve([], { mount: mount([failing, handling]) })

    const known = await served.request('/known')
    const unknown = await served.request('/unknown')

    expect([known.status, await known.text()]).toEqual([400, 'handled'])
    expect(await unknown.json()).toMatchObject({ status: 422, detail: 'unknown' })
    expect(served.logs.lines).toMatchObject([{ level: 'debug', fields: { status: 422 } }])
  })

  it('what a middleware throws or rejects with becomes a problem', async () => {
    const throwing: RequestHandler = (request) => {
      if (request.path === '/throw') throw new Error('thrown')
      return Promise.reject(new Error('rejected'))
    }
    await using served = await serve([], { mount: mount(throwing) })

    const statuses = await Promise.all(['/throw', '/reject'].map(async (path) => (await served.request(path)).status))

    expect(statuses).toEqual([500, 500])
    expect(served.loggedAt('error')).toHaveLength(2)
  })

  it('a middleware that never goes on is ended by the time limit', async () => {
    await using served = await serve([HELLO], { mount: mount(() => undefined), config: { handlerTimeoutMs: 40 } })

    expect((await served.request('/hello')).status).toBe(503)
  })

  it('is too late after compilation', async () => {
    await using served = await serve([HELLO])

    expect(() => served.server.use(() => undefined)).toThrow(
      expect.objectContaining({ code: 'SERVER_MIDDLEWARE_TOO_LATE' }),
    )
  })
})

describe('requests and responses', () => {
  it.each([
    [{}, '127.0.0.1', 'http'],
    [{ config: { trustProxy: 'loopback' } }, '203.0.113.9', 'https'],
    [{ config: { trustProxy: '10.0.0.0/8' } }, '127.0.0.1', 'http'],
  ])('believe proxies only where the configuration does: %j', async (options, ip, protocol) => {
    const address: SampleRoute = { path: '/', handle: ({ request }) => [request.ip, request.protocol, request.ip] }
    await using served = await serve([address], options)

    const response = await served.request('/', {
      headers: { 'x-forwarded-for': '203.0.113.9', 'x-forwarded-proto': 'https' },
    })

    expect(await response.json()).toEqual([ip, protocol, ip])
  })

  it('refuse a list of proxies nobody can read, before anything is served', () => {
    expect(() => new Served([], { config: { trustProxy: 'everyone' } })).toThrow(
      expect.objectContaining({ code: 'HTTP_TRUST_PROXY_INVALID' }),
    )
  })

  it('are those of Express', async () => {
    await using served = await serve([
      {
        path: '/r/:a',
        isUnmanaged: true,
        handle: ({ request, response }) => {
          response.locals['x'] = 1
          response
            .vary('Accept')
            .status(202)
            .json({
              params: request.params,
              query: request.query,
              again: request.app.get('query parser'),
              sameQuery: request.query,
              accepts: request.accepts('json'),
              host: request.hostname,
              path: request.path,
              fresh: request.fresh,
              xhr: request.xhr,
              locals: response.locals,
              linked: request.res === response && response.req === request,
            })
        },
      },
      { path: '/next', isUnmanaged: true, handle: ({ response }) => response.redirect('/r/1') },
    ])

    const response = await served.request('/r/b?q=1&q=2', { headers: { accept: 'application/json' } })
    const redirect = await served.request('/next')

    expect(response.status).toBe(202)
    expect(Object.fromEntries(response.headers)).toMatchObject({
      vary: 'Accept',
      'content-type': 'application/json; charset=utf-8',
    })
    expect(response.headers.has('etag') || response.headers.has('x-powered-by')).toBe(false)
    expect(await response.json()).toEqual({
      params: { a: 'b' },
      query: { q: ['1', '2'] },
      again: 'simple',
      sameQuery: { q: ['1', '2'] },
      accepts: 'json',
      host: '127.0.0.1',
      path: '/r/b',
      fresh: false,
      xhr: false,
      locals: { x: 1 },
      linked: true,
    })
    expect([redirect.status, redirect.headers.get('location')]).toEqual([302, '/r/1'])
  })

  it('have weak ETags where the configuration asks for them', async () => {
    await using served = await serve(
      [{ path: '/', isUnmanaged: true, handle: ({ response }) => void response.json({ a: 1 }) }],
      {
        config: { etag: true },
      },
    )

    const etag = (await served.request('/')).headers.get('etag')!
    const again = await served.request('/', { headers: { 'if-none-match': etag, 'cache-control': 'max-age=0' } })

    expect(etag).toMatch(/^W\//)
    expect(again.status).toBe(304)
  })

  it('fail a call with what sendFile reports', async () => {
    await using served = await serve([
      { path: '/', isUnmanaged: true, handle: ({ response }) => response.sendFile('/no/such/file.txt') },
    ])

    expect((await served.request('/')).status).toBe(404)
  })

  it.each([
    ['express/lib/request.js', EXPRESS_REQUEST_MEMBERS],
    ['express/lib/response.js', EXPRESS_RESPONSE_MEMBERS],
  ])('know every member of %s', (file, members) => {
    expect(Object.keys(load<object>(file)).toSorted()).toEqual([...members].toSorted())
  })
})
