import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'

import helmet from 'helmet'
import { Controller, ctx, Get, Module, Post, Public, SetHeader } from 'tenon'
import { CSP_NONCE, SecurityHeaders, SecurityModule, type SecurityHeaderOptions } from 'tenon/security'
import { testApp, type TestApp } from 'tenon/testing'

/** What differs from one answer to the next, and what a server adds itself. */
const OF_THE_SERVER = new Set([
  'connection',
  'content-length',
  'content-type',
  'date',
  'keep-alive',
  'transfer-encoding',
  'x-request-id',
])

function ofSecurity(headers: Headers): Record<string, string> {
  return Object.fromEntries([...headers].filter(([name]) => !OF_THE_SERVER.has(name)))
}

/** The headers that helmet itself puts on an answer. */
async function byHelmet(options: Parameters<typeof helmet>[0]): Promise<Record<string, string>> {
  const protect = helmet(options)
  const listener: RequestListener = (request, response) => protect(request, response, () => response.end('{}'))
  const server = createServer(listener).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const response = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
  await response.text()
  server.closeAllConnections()
  server.close()
  return ofSecurity(response.headers)
}

@Controller('/')
class Pages {
  @Public('Test.')
  @Get('/plain')
  plain(): object {
    return { a: 1 }
  }

  @Public('Test.')
  @Get('/fails')
  fails(): never {
    throw new Error('no')
  }

  @Public('Test.')
  @SecurityHeaders({ xFrameOptions: { action: 'deny' }, referrerPolicy: false })
  @Get('/own')
  own(): object {
    return {}
  }

  @Public('Test.')
  @SecurityHeaders(false)
  @Get('/bare')
  bare(): object {
    return {}
  }

  @Public('Test.')
  @SetHeader('content-type', 'text/html')
  @SecurityHeaders({
    contentSecurityPolicy: { nonce: true, directives: { imgSrc: ["'self'", 'https://img.example'] } },
  })
  @Get('/page')
  page(): string {
    return `<script nonce="${ctx().require(CSP_NONCE)}"></script>`
  }

  @Public('Test.')
  @Post('/plain')
  create(): object {
    return {}
  }
}

function boot(
  headers: SecurityHeaderOptions | false = {},
  env: Record<string, string | undefined> = {},
): Promise<TestApp> {
  @Module({ imports: [SecurityModule.with({ headers })], controllers: [Pages] })
  class App {}
  return testApp(App).env(env).boot()
}

describe('Security headers', () => {
  it.each<[string, SecurityHeaderOptions]>([
    ['its defaults', {}],
    ['a frame option', { xFrameOptions: { action: 'deny' } }],
    ['no opener policy', { crossOriginOpenerPolicy: false, originAgentCluster: false }],
    ['an embedder policy', { crossOriginEmbedderPolicy: { policy: 'require-corp' } }],
    ['transport security', { strictTransportSecurity: { maxAge: 60, includeSubDomains: false, preload: true } }],
    ['directives', { contentSecurityPolicy: { directives: { 'img-src': ['https:'], 'font-src': null } } }],
    ['a report', { contentSecurityPolicy: { reportOnly: true } }],
    ['no policy', { contentSecurityPolicy: false }],
  ])("are helmet's own, with %s", async (_name, options) => {
    await using app = await boot(options, { SECURITY_HTTPS: 'true' })

    const { headers } = await app.request('/plain')

    expect(ofSecurity(headers)).toEqual(await byHelmet(options as Parameters<typeof helmet>[0]))
  })

  it.each([
    ['a success', '/plain', 200],
    ['a failure', '/fails', 500],
    ['a path nobody answers', '/nothing', 404],
    ['a path no percent-decoding can read', '/%', 400],
    ['health checks', '/health/live', 200],
  ])('stand on %s', async (_name, path, status) => {
    await using app = await boot()

    const response = await app.request(path)

    expect(response.status).toBe(status)
    expect(response.headers.get('content-security-policy')).toContain("default-src 'self'")
    expect(response.headers.get('x-frame-options')).toBe('SAMEORIGIN')
    expect(response.headers.get('x-content-type-options')).toBe('nosniff')
    expect(response.headers.get('x-powered-by')).toBeNull()
  })

  it('insist on HTTPS in production, or where it is said, and nowhere else', async () => {
    const seen = await Promise.all(
      [{}, { SECURITY_HTTPS: 'true' }, { TENON_ENV: 'production' }].map(async (env) => {
        await using app = await boot({}, env)
        const { headers } = await app.request('/plain')
        return [
          headers.get('strict-transport-security'),
          headers.get('content-security-policy')?.includes('upgrade-insecure-requests'),
        ]
      }),
    )

    expect(seen).toEqual([
      [null, false],
      ['max-age=31536000; includeSubDomains', true],
      ['max-age=31536000; includeSubDomains', true],
    ])
  })

  it('are changed by an endpoint, one by one', async () => {
    await using app = await boot()

    const { headers } = await app.request('/own')

    expect(headers.get('x-frame-options')).toBe('DENY')
    expect(headers.get('referrer-policy')).toBeNull()
    expect(headers.get('cross-origin-opener-policy')).toBe('same-origin')
  })

  it('stay away where they are switched off', async () => {
    await using app = await boot()
    await using off = await boot(false)

    expect(ofSecurity((await app.request('/bare')).headers)).toEqual({})
    expect(ofSecurity((await off.request('/plain')).headers)).toEqual({})
    // What an endpoint asks for itself it gets.
    expect((await off.request('/own')).headers.get('x-frame-options')).toBe('DENY')
  })

  it('carry a nonce that is new for every call, and the one that the page has', async () => {
    await using app = await boot()

    const answers = await Promise.all([app.request('/page'), app.request('/page')])
    const nonces = answers.map(
      ({ headers }) => /'nonce-([\w+/=]+)'/.exec(headers.get('content-security-policy') ?? '')?.[1],
    )
    const pages = await Promise.all(answers.map((answer) => answer.text()))

    expect(nonces[0]).toHaveLength(24)
    expect(nonces[0]).not.toBe(nonces[1])
    expect(pages).toEqual(nonces.map((nonce) => `<script nonce="${nonce}"></script>`))
    const policy = answers[0].headers.get('content-security-policy')
    expect(policy).toContain("img-src 'self' https://img.example;")
    expect(policy).not.toContain("'unsafe-inline'")
  })

  it('that cannot be made keep the application from serving', async () => {
    await using app = await boot({ contentSecurityPolicy: { directives: { 'script-src': ['self'] } } })

    await expect(app.url()).rejects.toMatchObject({
      code: 'SECURITY_HEADERS_INVALID',
      message: expect.stringMatching(/^The security headers of \w+\.\w+ cannot be made: /),
    })
  })
})
