/**
 * The same handlers, middleware, routers and applications on stock Express and on ours: the same bytes must come back.
 * Differences that are meant to be:
 * - what nobody answers, and errors nobody catches, are problem details here and pages of HTML there; the status is the
 *   same, except that an error's own `status` counts only where the error is one of HTTP;
 * - `X-Request-Id` stands on every answer; the time-out of kept connections is another one;
 * - routes: OPTIONS is answered with 204, and a method that has no route with 405 and `Allow`, there 404; paths are
 *   case-sensitive (none of it is asked for here);
 * - `next('router')` in what is mounted for every path leaves the middleware alone: the route still answers, there it is
 *   a part of the same router and left with it (shown at the end).
 */
import { once } from 'node:events'
import { Agent, createServer, request as send, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { deflateSync, gzipSync } from 'node:zlib'

import express from 'express'

import { flatMounts, HANDLERS, pathMounts, type Mounts } from './express-samples.ts'
import { serve } from './serve.ts'

interface Ask {
  readonly method?: string
  readonly path: string
  readonly headers?: Readonly<Record<string, string | readonly string[]>>
  readonly body?: string | Buffer
}

interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, unknown>>
  readonly body: string
}

/** Names and values with a reason each, combined with the paths they mean something to. */
const CONDITIONS: readonly Readonly<Record<string, string>>[] = [
  { 'if-none-match': '"v1"' },
  { 'if-none-match': 'W/"v1", "x"' },
  { 'if-none-match': '*' },
  { 'if-none-match': '"other"' },
  { 'if-none-match': '"v1"', 'cache-control': 'no-cache' },
  { 'if-modified-since': 'Tue, 14 Nov 2023 22:13:20 GMT' },
  { 'if-modified-since': 'Tue, 14 Nov 2022 22:13:20 GMT' },
  { 'if-modified-since': 'nonsense' },
  { 'if-match': '"x"' },
  { 'if-unmodified-since': 'Tue, 14 Nov 2022 22:13:20 GMT' },
]
const RANGES = ['bytes=0-4', 'bytes=-5', 'bytes=20-', 'bytes=0-0,3-4', 'bytes=50-', 'bytes=4-2', 'items=0-1', 'x']
const ACCEPTS = ['*/*', 'text/html', 'application/json', 'text/*;q=0.5, application/json;q=0.4', 'image/png', 'x', '']
const QUERIES = [
  '',
  '?',
  '?a=1&a=2',
  '?a[b]=1&a[c][]=2',
  '?a=%C3%A9+b',
  '?a=%zz',
  '?&&=&a',
  '?__proto__=1&constructor=2',
  '?a=1#not-sent',
  '?callback=go',
  '?callback=a.b[0]',
]

const get = (path: string, headers: Ask['headers'] = {}): Ask => ({ path, headers })
const METHODS = ['GET', 'HEAD']

const ROUTES: readonly Ask[] = [
  ...Object.keys(HANDLERS)
    .filter((path) => path !== '/is')
    .flatMap((path) => METHODS.map((method): Ask => ({ method, path }))),
  ...['/json', '/tagged', '/fresh', '/file', '/file-aged', '/text', '/empty'].flatMap((path) =>
    CONDITIONS.flatMap((headers) => [get(path, headers), { method: 'HEAD', path, headers }]),
  ),
  ...['/file', '/file-aged', '/range'].flatMap((path) => RANGES.map((range) => get(path, { range }))),
  get('/file', { range: 'bytes=0-1', 'if-range': '"x"' }),
  get('/file', { range: 'bytes=0-1', 'if-range': 'Tue, 14 Nov 2023 22:13:20 GMT' }),
  ...['/format', '/format-default', '/accepts'].flatMap((path) => ACCEPTS.map((accept) => get(path, { accept }))),
  get('/accepts', {
    'accept-encoding': 'gzip;q=0, *',
    'accept-language': 'en-GB, de;q=0.1',
    'accept-charset': 'latin1',
  }),
  ...['/info', '/jsonp'].flatMap((path) => QUERIES.map((query) => get(path + query.split('#')[0]!))),
  get('/info', { host: 'a.b.example.com:8080', 'x-sent': 'é', referer: 'r', 'x-requested-with': 'XMLHttpRequest' }),
  get('/info', {
    host: '[::1]:80',
    'x-forwarded-for': '1.2.3.4',
    'x-forwarded-proto': 'https',
    'x-forwarded-host': 'h',
  }),
  ...[200, 201, 204, 205, 299, 304, 400, 404, 500, 503].flatMap((code) => [
    get(`/status?code=${code}`),
    get(`/send-status?code=${code}`),
  ]),
  ...['/a', '//b', 'https://x.example/é?a=b c', '../up', '%0d%0aX: y', 'back', '/%E4%BD%A0', '/a%'].flatMap((to) => [
    get(`/redirect?to=${encodeURIComponent(to)}`),
    get(`/redirect?code=301&to=${encodeURIComponent(to)}`, { accept: 'text/html' }),
    get(`/location?to=${encodeURIComponent(to)}`),
  ]),
  ...['json', 'html', '.txt', 'image/png', 'text/plain; charset=latin1', 'nonsense'].map((type) =>
    get(`/typed?type=${encodeURIComponent(type)}`),
  ),
  ...['a.pdf', 'é".txt', 'x/y.html'].map((name) => get(`/attachment?name=${encodeURIComponent(name)}`)),
  get('/file?name=page.html'),
  ...['application/json', 'text/html; charset=utf-8', 'application/vnd.x+json', 'x'].map((type): Ask => ({
    method: 'POST',
    path: '/is',
    headers: { 'content-type': type },
    body: 'x',
  })),
]

const FLAT: readonly Ask[] = [
  '',
  '?answer',
  '?leave=error',
  '?leave=error&again',
  '?leave=route',
  '?leave=throw',
  '?leave=late',
  '?leave=falsy',
  '?reject',
  '?reject&again',
  '?leave=late&answer',
].flatMap((query) => [
  ...['/json', '/text', '/tagged', '/in-router/7', '/file'].flatMap((path) =>
    METHODS.map((method): Ask => ({ method, path: path + query })),
  ),
  { method: 'POST', path: `/in-router/7${query}` },
])

const JSON_TYPE = { 'content-type': 'application/json' }
const post = (path: string, body: string | Buffer, headers: Ask['headers'] = JSON_TYPE): Ask => ({
  method: 'POST',
  path,
  headers,
  body,
})

const PATHS: readonly Ask[] = [
  ...['{"a":1}', '[1]', '', '{', '"text"', `{"a":"${'x'.repeat(200)}"}`].map((body) => post('/body/json', body)),
  post('/body/json', gzipSync('{"a":1}'), { ...JSON_TYPE, 'content-encoding': 'gzip' }),
  post('/body/json', deflateSync('{"a":1}'), { ...JSON_TYPE, 'content-encoding': 'deflate' }),
  post('/body/json', 'x', { ...JSON_TYPE, 'content-encoding': 'zip' }),
  post('/body/json', '{"a":"\xe9"}', { 'content-type': 'application/json; charset=latin1' }),
  post('/body/json', 'a=1', { 'content-type': 'text/plain' }),
  ...['a=1&b=2', 'a[b]=1&a[c]=2', 'a=1&a=2', '%zz', 'é'].map((body) =>
    post('/body/form', body, { 'content-type': 'application/x-www-form-urlencoded' }),
  ),
  post('/body/text', 'plain é', { 'content-type': 'text/plain' }),
  post('/body/raw', Buffer.from([0, 255, 1]), { 'content-type': 'image/png' }),
  { path: '/body/json' },
  ...[
    '/static/plain.txt',
    '/static/page.html',
    '/static/none',
    '/static/.hidden',
    '/static/',
    '/static/../x',
    '/static',
  ].flatMap((path) => METHODS.map((method): Ask => ({ method, path }))),
  ...RANGES.map((range) => get('/static/plain.txt', { range })),
  ...CONDITIONS.map((headers) => get('/static/plain.txt', headers)),
  ...['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS', 'PATCH'].flatMap((method): Ask[] => [
    { method, path: '/tree/people/7/items/x%20y?q=1' },
    { method, path: '/tree/people/7/all/a/b' },
    { method, path: '/tree/people/7/all' },
    { method, path: '/sub/info?a[b]=1&c=2' },
    { method, path: '/either/x' },
  ]),
  get('/tree/people/7/items/bad'),
  get('/tree/people/%zz/items/1'),
  get('/tree/Strict/'),
  get('/tree/strict/'),
  get('/tree/Strict'),
  get('/tree/number-42'),
  get('/tree/number-x'),
  get('/or'),
  get('/ori'),
  get('/json'),
  get('/info?a[b]=1'),
  get('/sub/info', { 'x-forwarded-for': '1.2.3.4, 5.6.7.8', 'x-forwarded-proto': 'https' }),
  ...['/tree/fail', '/sub/fail', '/fail'].flatMap((path) =>
    ['', '?how=reject', '?how=status', '?pass', '?how=reject&pass'].map((query) => get(path + query)),
  ),
]

describe('stock Express and ours', () => {
  it.each([
    ['handlers of routes', [], ROUTES],
    ['middleware for every path', flatMounts(), FLAT],
    ['what is mounted below paths', pathMounts(), PATHS],
  ] as const)('answer alike: %s', async (_name, mounts: Mounts, asks: readonly Ask[]) => {
    await using stock = await serveStock(mounts)
    await using ours = await serve(
      Object.entries(HANDLERS).flatMap(([path, handle]) =>
        (path === '/is' ? (['POST'] as const) : (['GET'] as const)).map((method) => ({
          method,
          path,
          isUnmanaged: true,
          handle: ({ request, response }) => void handle(request, response),
        })),
      ),
      { config: { etag: true }, mount: (server) => mounts.forEach((mounted) => server.use(...mounted)) },
    )
    const agent = new Agent({ keepAlive: true })
    const different: object[] = []

    for (const ask of asks) {
      const [there, here] = await Promise.all([answerOf(stock.port, ask, agent), answerOf(ours.port, ask, agent)])
      if (JSON.stringify(comparable(there)) !== JSON.stringify(comparable(here))) different.push({ ask, there, here })
    }

    agent.destroy()
    expect(different).toEqual([])
  })

  it("differ in next('router'): routes of ours are not left with the middleware", async () => {
    const mounts = flatMounts()
    await using stock = await serveStock(mounts)
    await using ours = await serve([{ path: '/json', handle: () => 'route' }], {
      mount: (server) => mounts.forEach((mounted) => server.use(...mounted)),
    })
    const agent = new Agent()

    const ask = get('/json?leave=router')
    expect((await answerOf(stock.port, ask, agent)).status).toBe(404)
    expect((await answerOf(ours.port, ask, agent)).status).toBe(200)
    agent.destroy()
  })

  it('were asked more than three hundred times', () => {
    expect(ROUTES.length + FLAT.length + PATHS.length).toBeGreaterThan(300)
  })
})

async function serveStock(mounts: Mounts): Promise<{ port: number } & AsyncDisposable> {
  const app = express()
  app.disable('x-powered-by')
  app.set('env', 'test')
  for (const mounted of mounts) app.use(...(mounted as Parameters<typeof app.use>))
  for (const [path, handle] of Object.entries(HANDLERS)) {
    app[path === '/is' ? 'post' : 'get'](path, (request, response) => void handle(request, response))
  }
  const server = createServer(app).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

function answerOf(port: number, { method = 'GET', path, headers = {}, body }: Ask, agent: Agent): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sending = send(
      {
        port,
        host: '127.0.0.1',
        method,
        path,
        agent,
        headers: { host: 'example.com', ...headers } as never,
        timeout: 5000,
      },
      (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('end', () =>
          resolve({
            status: response.statusCode!,
            headers: shown(response.headers),
            body: Buffer.concat(chunks).toString('latin1'),
          }),
        )
        response.on('error', reject)
      },
    )
    sending.on('error', reject)
    sending.on('timeout', () => sending.destroy(new Error(`No answer to ${method} ${path}`)))
    sending.end(typeof body === 'string' ? Buffer.from(body, 'utf8') : body)
  })
}

function shown(headers: IncomingHttpHeaders): Readonly<Record<string, unknown>> {
  const { date: _date, connection: _connection, 'keep-alive': _keepAlive, 'x-request-id': _id, ...rest } = headers
  return Object.fromEntries(Object.entries(rest).sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** What nobody answered: the status alone. */
function comparable({ status, headers, body }: Answer): unknown {
  const type = String(headers['content-type'])
  const isOwnPage = type === 'application/problem+json' || headers['content-security-policy'] === "default-src 'none'"
  // A part's boundary is random.
  return isOwnPage ? { status } : { status, headers, body }
}
