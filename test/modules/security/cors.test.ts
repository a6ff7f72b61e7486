import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

import cors from 'cors'
import { All, Controller, Delete, Get, Module, Options, Post, Public, Put, SetHeader } from 'tenon'
import { Cors, SecurityModule, type CorsOptions } from 'tenon/security'
import { testApp, type TestApp } from 'tenon/testing'
import { Version, VersioningModule } from 'tenon/versioning'

import { listOf, mayRead, maySend, type CrossOriginCall } from './cors-browser.ts'

const SHOP = 'https://shop.example'
let handled = 0

@Public('Test.')
@Controller('/items')
class Items {
  @Get()
  list(): object {
    return { items: [] }
  }

  @Post()
  create(): object {
    return {}
  }

  @Put()
  replace(): object {
    return {}
  }

  @Cors(false)
  @Delete()
  remove(): object {
    return {}
  }

  @Cors({ origins: ['https://partner.example'], credentials: true, exposedHeaders: ['x-total'], maxAgeSeconds: 5 })
  @Get('/partner')
  partner(): object {
    return {}
  }

  @Cors({ origins: '*', credentials: false })
  @SetHeader('vary', 'Accept-Language')
  @Get('/open')
  open(): object {
    return {}
  }

  @All('/all')
  all(): object {
    handled += 1
    return {}
  }

  @Options('/own')
  own(): object {
    handled += 1
    return {}
  }

  @Get('/own')
  read(): object {
    return {}
  }
}

function boot(corsOptions: CorsOptions | undefined, env: Record<string, string> = {}): Promise<TestApp> {
  @Module({
    imports: [corsOptions ? SecurityModule.with({ cors: corsOptions }) : SecurityModule],
    controllers: [Items],
  })
  class App {}
  return testApp(App).env(env).boot()
}

function preflight(app: TestApp, path: string, origin: string, method: string, headers = ''): Promise<Response> {
  return app.request(path, {
    method: 'OPTIONS',
    headers: {
      origin,
      'access-control-request-method': method,
      ...(headers !== '' && { 'access-control-request-headers': headers }),
    },
  })
}

describe('CORS', () => {
  it('lets nobody in unless it is said', async () => {
    await using app = await boot(undefined)

    const answer = await app.request('/items', { headers: { origin: SHOP } })
    const asked = await preflight(app, '/items', SHOP, 'PUT')

    expect([...answer.headers.keys(), ...asked.headers.keys()].filter((name) => name.startsWith('access-'))).toEqual([])
    expect(answer.headers.get('vary')).toBeNull()
    expect(asked.headers.get('allow')).toBe('DELETE, GET, HEAD, POST, PUT, OPTIONS')
  })

  it('reads its origins from the environment', async () => {
    await using app = await boot(undefined, { CORS_ORIGINS: `${SHOP}, https://desk.example`, CORS_CREDENTIALS: 'true' })

    const { headers } = await app.request('/items', { headers: { origin: 'https://desk.example' } })

    expect(headers.get('access-control-allow-origin')).toBe('https://desk.example')
    expect(headers.get('access-control-allow-credentials')).toBe('true')
    expect(headers.get('vary')).toBe('Origin')
  })

  it('answers a preflight by the policy of the route it asks for, with the methods that may come', async () => {
    await using app = await boot({ origins: [SHOP] })

    const allowed = await preflight(app, '/items', SHOP, 'PUT', 'content-type, x-csrf')
    const forbidden = await preflight(app, '/items', SHOP, 'DELETE')
    const other = await preflight(app, '/items/partner', SHOP, 'GET')
    const partner = await preflight(app, '/items/partner', 'https://partner.example', 'GET')

    expect(allowed.status).toBe(204)
    expect(listOf(allowed.headers, 'access-control-allow-methods')).toEqual(['GET', 'HEAD', 'POST', 'PUT'])
    expect(allowed.headers.get('access-control-allow-headers')).toBe('content-type, x-csrf')
    expect(allowed.headers.get('access-control-max-age')).toBe('600')
    expect(allowed.headers.get('vary')).toContain('Origin')
    expect(forbidden.headers.get('access-control-allow-origin')).toBeNull()
    expect(other.headers.get('access-control-allow-origin')).toBeNull()
    expect(partner.headers.get('access-control-allow-credentials')).toBe('true')
    expect(partner.headers.get('access-control-max-age')).toBe('5')
  })

  it('runs no handler for a preflight, whatever routes there are', async () => {
    await using app = await boot({ origins: [SHOP] })
    handled = 0

    const answers = [await preflight(app, '/items/all', SHOP, 'PUT'), await preflight(app, '/items/own', SHOP, 'GET')]
    const own = await app.request('/items/own', { method: 'OPTIONS', headers: { origin: SHOP } })

    expect(answers.map(({ status }) => status)).toEqual([204, 204])
    // Without the method it asks for it is no preflight.
    expect(own.status).toBe(200)
    expect(handled).toBe(1)
  })

  it('asks all versions of a route that a request chooses between', async () => {
    const open = { origins: [SHOP] }
    @Public('Test.')
    @Controller('/news')
    class News {
      @Version('1')
      @Cors(open)
      @Get('/both')
      bothOld(): object {
        return {}
      }

      @Version('2')
      @Cors(open)
      @Get('/both')
      bothNew(): object {
        return {}
      }

      @Version('1')
      @Cors(open)
      @Get('/one')
      oneOld(): object {
        return {}
      }

      @Version('2')
      @Get('/one')
      oneNew(): object {
        return {}
      }
    }
    @Module({ imports: [SecurityModule, VersioningModule.with({ from: 'header' })], controllers: [News] })
    class App {}
    await using app = await testApp(App).boot()

    const both = await preflight(app, '/news/both', SHOP, 'GET', 'x-api-version')
    const one = await preflight(app, '/news/one', SHOP, 'GET', 'x-api-version')

    expect(both.headers.get('access-control-allow-origin')).toBe(SHOP)
    expect(one.headers.get('access-control-allow-origin')).toBeNull()
  })

  it('leaves preflights of routes without a policy to the routes themselves', async () => {
    await using app = await boot(undefined)
    handled = 0

    expect((await preflight(app, '/items/own', SHOP, 'GET')).status).toBe(200)
    expect(handled).toBe(1)
  })

  it('tells caches what an answer depends on, beside what it says itself', async () => {
    await using app = await boot({ origins: [SHOP] })

    expect((await app.request('/items')).headers.get('vary')).toBe('Origin')
    expect((await app.request('/items/open')).headers.get('vary')).toBe('Accept-Language')
    expect((await app.request('/nothing', { headers: { origin: SHOP } })).headers.get('vary')).toBe('Origin')
  })

  it('lets pages read why they were refused', async () => {
    await using app = await boot({ origins: [SHOP] })

    const { status, headers } = await app.request('/nothing', { headers: { origin: SHOP } })

    expect(status).toBe(404)
    expect(headers.get('access-control-allow-origin')).toBe(SHOP)
  })
})

/** The same settings in the words of the cors package. */
interface Pair {
  readonly name: string
  readonly ours: CorsOptions
  readonly theirs: cors.CorsOptions
}

const EXPRESSION = /^https:\/\/[a-z]+\.example$/
const PAIRS: readonly Pair[] = [
  { name: 'everybody', ours: { origins: '*' }, theirs: { origin: '*' } },
  { name: 'one origin', ours: { origins: [SHOP] }, theirs: { origin: [SHOP] } },
  {
    name: 'several with credentials',
    ours: { origins: [SHOP, 'https://b.example:8443'], credentials: true },
    theirs: { origin: [SHOP, 'https://b.example:8443'], credentials: true },
  },
  { name: 'an expression', ours: { origins: [EXPRESSION] }, theirs: { origin: [EXPRESSION] } },
  {
    name: 'headers',
    ours: { origins: [SHOP], headers: ['content-type', 'x-a'], exposedHeaders: ['x-total', 'etag'], maxAgeSeconds: 60 },
    theirs: {
      origin: [SHOP],
      allowedHeaders: ['content-type', 'x-a'],
      exposedHeaders: ['x-total', 'etag'],
      maxAge: 60,
    },
  },
]
const ORIGINS = [
  SHOP,
  'https://b.example:8443',
  'https://evil.test',
  'null',
  'http://shop.example',
  'https://SHOP.example',
]
const CALLS: readonly Omit<CrossOriginCall, 'origin'>[] = ['GET', 'POST', 'PUT'].flatMap((method) =>
  [[], ['content-type'], ['x-a', 'x-b']].flatMap((headers) =>
    [false, true].map((withCredentials) => ({ method, headers, withCredentials })),
  ),
)

describe.each(PAIRS)('CORS of $name', ({ ours, theirs }) => {
  it('lets browsers do exactly what the cors package lets them do', async () => {
    const { maxAgeSeconds = 600 } = ours
    const middleware = cors({ maxAge: maxAgeSeconds, ...theirs })
    const server = createServer((request, response) => middleware(request as never, response, () => response.end('{}')))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const reference = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    await using app = await boot(ours)
    const url = await app.url()

    let compared = 0
    for (const origin of ORIGINS) {
      for (const call of CALLS.map((each) => ({ ...each, origin }))) {
        const [mine, its] = await Promise.all([url, reference].map((base) => judge(base, call)))
        expect({ call, ...mine }).toEqual({ call, ...its })
        compared += 1
      }
    }
    server.closeAllConnections()
    server.close()

    expect(compared).toBe(ORIGINS.length * CALLS.length)
  })
})

async function judge(base: string, call: CrossOriginCall): Promise<object> {
  const asked = await fetch(`${base}/items`, {
    method: 'OPTIONS',
    headers: {
      origin: call.origin,
      'access-control-request-method': call.method,
      ...(call.headers.length > 0 && { 'access-control-request-headers': call.headers.join(',') }),
    },
  })
  const answer = await fetch(`${base}/items`, { method: call.method, headers: { origin: call.origin } })
  await answer.text()
  const isReadable = mayRead(answer.headers, call)
  return {
    isSent: maySend(asked.status, asked.headers, call),
    isReadable,
    dependsOnOrigin: listOf(answer.headers, 'vary').includes('Origin'),
    // What a page cannot read does not matter.
    exposed: isReadable ? listOf(answer.headers, 'access-control-expose-headers') : [],
    maxAge: maySend(asked.status, asked.headers, call) ? asked.headers.get('access-control-max-age') : null,
  }
}
