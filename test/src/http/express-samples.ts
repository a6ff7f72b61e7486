/** What both applications of the differential tests mount: Express's whole API of requests and responses in use. */
import { mkdtempSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import express, { type ErrorRequestHandler, type Request, type RequestHandler, type Response } from 'express'

/** What is mounted, in order, as arguments of `use`. */
export type Mounts = readonly (readonly unknown[])[]

export type Handle = (request: Request, response: Response) => unknown

const folder = mkdtempSync(join(tmpdir(), 'tenon-express-'))
for (const [name, text] of [
  ['plain.txt', 'abcdefghijklmnopqrstuvwxyz'],
  ['page.html', '<p>é</p>'],
  ['.hidden', 'no'],
] as const) {
  writeFileSync(join(folder, name), text)
  utimesSync(join(folder, name), 1_700_000_000, 1_700_000_000)
}

const text = (value: unknown, fallback = ''): string => (typeof value === 'string' ? value : fallback)

/** Handlers by path: mounted as routes of ours and as routes of Express. */
export const HANDLERS: Readonly<Record<string, Handle>> = {
  '/json': (_request, response) => response.json({ a: 1, text: 'é', list: [null, true] }),
  '/json-array': (_request, response) => response.json([1, 2]),
  '/json-null': (_request, response) => response.json(null),
  '/json-typed': (_request, response) => response.type('application/vnd.api+json').json({ a: 1 }),
  '/text': (_request, response) => response.send('héllo'),
  '/empty': (_request, response) => response.send(),
  '/empty-text': (_request, response) => response.send(''),
  '/buffer': (_request, response) => response.send(Buffer.from([1, 2, 3])),
  '/bool': (_request, response) => response.send(true),
  '/object': (_request, response) => response.send({ b: 2 }),
  '/typed': (request, response) => response.type(text(request.query['type'], 'txt')).send('typed'),
  '/status': (request, response) => response.status(Number(request.query['code'] ?? 200)).send('body'),
  '/send-status': (request, response) => response.sendStatus(Number(request.query['code'] ?? 200)),
  '/end': (_request, response) => response.end('ended'),
  '/write': (_request, response) => {
    response.write('one ')
    response.end('two')
  },
  '/head': (_request, response) => response.writeHead(202, { 'X-A': 'b', 'Set-Cookie': ['a=1', 'b=2'] }).end('head'),
  '/redirect': (request, response) =>
    response.redirect(Number(request.query['code'] ?? 302), text(request.query['to'], '/a')),
  '/location': (request, response) => response.location(text(request.query['to'], '/a b')).end(),
  '/cookie': (_request, response) =>
    response
      .cookie('a', 'b c', { httpOnly: true, path: '/x', sameSite: 'lax' })
      .cookie('json', { a: [1] }, { secure: true, maxAge: 0, expires: new Date(0) })
      .clearCookie('gone')
      .send('cookies'),
  '/format': (_request, response) =>
    response.format({
      text: () => response.send('text'),
      html: () => response.send('<p>html</p>'),
      json: () => response.json({ format: 'json' }),
    }),
  '/format-default': (_request, response) =>
    response.format({ json: () => response.json({}), default: () => response.status(406).send('no') }),
  '/attachment': (request, response) => response.attachment(text(request.query['name'], 'rép.pdf')).send('pdf'),
  '/links': (_request, response) =>
    response
      .links({ next: '/2', last: ['/5', '/6'] })
      .append('link', '</0>')
      .end(),
  '/vary': (_request, response) =>
    response
      .vary('Accept')
      .vary(['Origin', 'Accept'] as never)
      .send('vary'),
  '/append': (_request, response) =>
    response
      .append('x-a', '1')
      .append('X-A', ['2', '3'])
      .set({ 'x-b': 'b', 'x-c': ['c', 'd'] })
      .send(response.get('x-a')),
  '/jsonp': (_request, response) => response.jsonp({ a: '\u2028<' }),
  '/file': (request, response) => response.sendFile(text(request.query['name'], 'plain.txt'), { root: folder }),
  '/file-aged': (_request, response) => response.sendFile('plain.txt', { root: folder, maxAge: 5000, immutable: true }),
  '/download': (_request, response) => response.download(join(folder, 'page.html'), 'pàge.html'),
  '/tagged': (_request, response) =>
    response.set({ ETag: '"v1"', 'Last-Modified': 'Tue, 14 Nov 2023 22:13:20 GMT' }).send('tagged'),
  '/fresh': (request, response) => response.set('ETag', '"v1"').json({ fresh: request.fresh, stale: request.stale }),
  '/locals': (_request, response) => {
    response.locals['seen'] = 1
    response.json(response.locals)
  },
  '/accepts': (request, response) =>
    response.json({
      types: request.accepts(['json', 'html', 'text/plain']),
      all: request.accepts(),
      encodings: request.acceptsEncodings('gzip', 'br', 'identity'),
      charsets: request.acceptsCharsets('utf-8', 'latin1'),
      languages: request.acceptsLanguages('de', 'en'),
    }),
  '/range': (request, response) => response.json({ range: request.range(100), type: rangeType(request.range(100)) }),
  '/is': (request, response) =>
    response.json({ json: request.is('json'), any: request.is(['html', '*/*']), text: request.is('text/*') }),
  '/info': (request, response) =>
    response.json({
      method: request.method,
      url: request.url,
      originalUrl: request.originalUrl,
      baseUrl: request.baseUrl,
      path: request.path,
      query: request.query,
      protocol: request.protocol,
      secure: request.secure,
      ip: request.ip,
      ips: request.ips,
      hostname: request.hostname,
      host: request.host,
      subdomains: request.subdomains,
      xhr: request.xhr,
      sent: request.get('X-Sent'),
      referrer: request.header('Referer'),
      hasResponse: request.res === response && response.req === request,
    }),
}

function rangeType(range: unknown): string | undefined {
  return Array.isArray(range) ? (range as { type?: string }).type : undefined
}

const fail: RequestHandler = (request) => {
  const { how } = request.query
  if (how === 'reject') return Promise.reject(new Error('rejected'))
  if (how === 'status') throw Object.assign(new Error('teapot'), { status: 418, expose: true })
  throw new Error('thrown')
}

const catches: ErrorRequestHandler = (error: Error, request, response, next) => {
  if (request.query['pass'] !== undefined) return next(error)
  response.status(599).send(`caught ${error.message} at ${request.baseUrl}|${request.url}`)
}

/** Steps that note that they ran, so that order and skipping show. */
function step(name: string): RequestHandler {
  return function noted(_request, response, next) {
    response.append('x-steps', name)
    next()
  }
}

function steps(): RequestHandler[] {
  const leaving: RequestHandler = (request, _response, next) => {
    const { leave } = request.query
    if (leave === 'error') next(new Error('left'))
    else if (leave === 'route' || leave === 'router') next(leave)
    else if (leave === 'throw') throw new Error('left by throw')
    else if (leave === 'late') setTimeout(next, 1)
    else if (leave === 'falsy') next(0)
    else next()
  }
  return [step('one'), leaving, step('two')]
}

const recovers: ErrorRequestHandler = (error: Error, request, response, next) => {
  response.append('x-recovered', error.message)
  next(request.query['again'] === undefined ? undefined : new Error('again'))
}

/** For every path, without a path of their own: what runs as a flat list in ours. */
export function flatMounts(): Mounts {
  const answering: RequestHandler = (request, response, next) => {
    if (request.query['answer'] === undefined) next()
    else response.json({ by: 'middleware', params: request.params, url: request.url })
  }
  const later: RequestHandler = async (request, _response, next) => {
    await Promise.resolve()
    if (request.query['reject'] !== undefined) throw undefined
    next()
  }
  const router = express.Router()
  router.get('/in-router/:id', (request, response) => {
    response.json({ params: request.params, baseUrl: request.baseUrl, url: request.url, route: request.route.path })
  })
  return [
    [steps()],
    [later, answering],
    [recovers],
    [router],
    [step('three')],
    [
      ((_error, _request, response, _next) =>
        response.status(598).send('caught at the end')) satisfies ErrorRequestHandler,
    ],
  ]
}

/** Mounted below paths: parsers, routers, applications. */
export function pathMounts(): Mounts {
  const echo: RequestHandler = (request, response) => {
    const { body } = request as { body: unknown }
    response.json({ body: Buffer.isBuffer(body) ? body.toString('hex') : body, type: typeof body })
  }
  const inner = express.Router({ mergeParams: true })
  inner.param('item', (request, response, next, value) => {
    response.set('x-item', String(value))
    if (value === 'bad') next(new Error('bad item'))
    else next()
  })
  inner
    .route('/items/:item')
    .get((request, response) => void response.json({ params: request.params, at: [request.baseUrl, request.url] }))
    .put((request, response) => void response.status(201).send(request.method))
  inner.all(
    '/all{/*rest}',
    (request, response) => void response.json({ params: request.params, method: request.method }),
  )
  const outer = express.Router({ caseSensitive: true, strict: true })
  outer.use('/people/:person', step('person'), inner)
  outer.get('/Strict/', (_request, response) => void response.send('strict'))
  outer.get(/^\/number-(\d+)$/, (request, response) => void response.json(request.params))
  outer.use('/fail', fail)
  outer.use('/fail', catches)

  const app = express()
  app.disable('x-powered-by')
  app.set('json spaces', 2)
  app.set('query parser', 'extended')
  app.enable('trust proxy')
  app.locals['name'] = 'sub'
  app.get('/info', (request, response) => {
    response.json({
      query: request.query,
      ip: request.ip,
      protocol: request.protocol,
      mount: request.app.mountpath,
      name: response.app.locals['name'],
      path: request.path,
    })
  })
  app.use('/fail', fail)
  app.use(catches)

  return [
    ['/body/json', express.json({ limit: 100 }), echo],
    ['/body/form', express.urlencoded({ extended: true }), echo],
    ['/body/text', express.text(), echo],
    ['/body/raw', express.raw({ type: '*/*' }), echo],
    ['/static', express.static(folder, { index: false })],
    ['/tree', outer],
    ['/sub', app],
    [
      ['/either', '/or'],
      step('list'),
      ((request, response) => void response.send(request.baseUrl)) satisfies RequestHandler,
    ],
    [step('every')],
    ['/fail', fail],
    [catches],
  ]
}
