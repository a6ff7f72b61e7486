/** Attacks on CORS. Each names what is tried; the control shows that the legitimate call of the same kind works. */
import { Controller, Get, Module, Public, Put } from 'tenon'
import { Cors, SecurityModule, type CorsOptions } from 'tenon/security'
import { testApp, type TestApp } from 'tenon/testing'

const APP = 'https://app.example.com'

@Public('Test.')
@Controller('/account')
class Account {
  @Get()
  read(): object {
    return { balance: 1 }
  }

  @Put()
  write(): object {
    return {}
  }

  @Cors(false)
  @Get('/internal')
  internal(): object {
    return { secret: 1 }
  }

  @Cors({ origins: '*', credentials: false })
  @Get('/public')
  open(): object {
    return {}
  }
}

function moduleWith(cors: CorsOptions): new () => object {
  @Module({ imports: [SecurityModule.with({ cors })], controllers: [Account] })
  class App {}
  return App
}

const SETTINGS: CorsOptions = {
  origins: [APP, /^https:\/\/[a-z0-9-]+\.tenants\.example\.com$/],
  credentials: true,
  headers: ['content-type'],
}

/** Whether a page of the origin may read an answer that came with cookies. */
async function reads(app: TestApp, origin: string, path = '/account'): Promise<boolean> {
  const { headers } = await app.request(path, { headers: { origin } })
  return (
    headers.get('access-control-allow-origin') === origin && headers.get('access-control-allow-credentials') === 'true'
  )
}

describe('A page of another origin', () => {
  let app: TestApp
  beforeAll(async () => {
    app = await testApp(moduleWith(SETTINGS)).boot()
  })
  afterAll(() => app.close())

  it.each([APP, 'https://acme.tenants.example.com', 'https://a-1.tenants.example.com'])(
    'control: %s reads its account',
    async (origin) => {
      expect(await reads(app, origin)).toBe(true)
    },
  )

  it.each([
    ['reflection of whatever origin', 'https://evil.test'],
    ['the null origin of a sandboxed frame', 'null'],
    ['the name as a suffix', 'https://evilapp.example.com'],
    ['the name as a prefix', `${APP}.evil.test`],
    ['the name as a sub-domain of mine', 'https://app.example.com.evil.test'],
    ['a sub-domain that was not named', 'https://x.app.example.com'],
    ['the parent domain', 'https://example.com'],
    ['plain http', 'http://app.example.com'],
    ['another port', `${APP}:8443`],
    ['a default port written out', `${APP}:443`],
    ['another letter case', 'https://APP.example.com'],
    ['a trailing dot', `${APP}.`],
    ['a trailing slash', `${APP}/`],
    ['a user in front', 'https://app.example.com@evil.test'],
    ['a dot that is any letter', 'https://acmeXtenants.example.com'],
    ['two levels below the expression', 'https://a.b.tenants.example.com'],
    ['what follows the expression', 'https://acme.tenants.example.com.evil.test'],
    ['a space behind', `${APP} https://evil.test`],
    ['two origins in one', `${APP}, https://evil.test`],
    ['the wildcard itself', '*'],
    ['an empty origin', ''],
    ['a file', 'file://'],
    ['a browser extension', 'chrome-extension://abcdefgh'],
  ])('does not read it by %s', async (_name, origin) => {
    expect(await reads(app, origin)).toBe(false)
  })

  it('does not read an endpoint that is closed to others, though the application is open', async () => {
    expect(await reads(app, APP, '/account/internal')).toBe(false)
  })

  it('gets no credentials by what is open to everybody', async () => {
    const { headers } = await app.request('/account/public', { headers: { origin: 'https://evil.test' } })

    expect(headers.get('access-control-allow-origin')).toBe('*')
    expect(headers.get('access-control-allow-credentials')).toBeNull()
  })

  it('learns nothing of a preflight that is refused', async () => {
    const ask = (origin: string): Promise<Response> =>
      app.request('/account', { method: 'OPTIONS', headers: { origin, 'access-control-request-method': 'PUT' } })

    const control = await ask(APP)
    const refused = await ask('https://evil.test')

    expect(control.headers.get('access-control-allow-methods')).toContain('PUT')
    expect([...refused.headers.keys()].filter((name) => name.startsWith('access-') || name === 'allow')).toEqual([])
  })

  it('does not get a header through that was not named', async () => {
    const { headers } = await app.request('/account', {
      method: 'OPTIONS',
      headers: {
        origin: APP,
        'access-control-request-method': 'PUT',
        'access-control-request-headers': 'x-evil\t, authorization',
      },
    })

    expect(headers.get('access-control-allow-headers')).toBe('content-type')
  })

  it('finds no cached answer of somebody else: every answer names Origin in Vary, with and without an origin', async () => {
    const answers = [
      await app.request('/account'),
      await app.request('/account', { headers: { origin: APP } }),
      await app.request('/account', { headers: { origin: 'https://evil.test' } }),
      await app.request('/nothing'),
    ]

    expect(answers.map(({ headers }) => headers.get('vary'))).toEqual(['Origin', 'Origin', 'Origin', 'Origin'])
  })
})

describe('Settings that would let in whom nobody meant', () => {
  it.each<[string, CorsOptions]>([
    ['origins by name', { origins: [APP, 'http://localhost:5173'], credentials: true }],
    ['an anchored expression', { origins: [/^https:\/\/(?:a|b)\.example\.com$/] }],
    ['everybody without credentials', { origins: '*' }],
    ['any host, on purpose', { origins: [/^https:\/\/.*\.example\.com$/] }],
  ])('control: %s start', async (_name, cors) => {
    await using app = await testApp(moduleWith(cors)).boot()

    expect((await app.request('/account')).status).toBe(200)
  })

  it.each<[string, CorsOptions, string]>([
    ['everybody with credentials', { origins: '*', credentials: true }, 'every origin with credentials'],
    ['an expression without a beginning', { origins: [/https:\/\/app\.example\.com$/] }, 'no ^ at its beginning'],
    ['an expression without an end', { origins: [/^https:\/\/app\.example\.com/] }, 'no $ at its end'],
    ['an end that is a dollar sign', { origins: [/^https:\/\/app\.example\.com\$/] }, 'no $ at its end'],
    ['alternatives beside the anchors', { origins: [/^https:\/\/a\.example$|b\.example$/] }, 'alternatives'],
    ['anchors of a line', { origins: [/^https:\/\/a\.example$/m] }, 'flag m'],
    ['a dot that is any letter', { origins: [/^https:\/\/app.example\.com$/] }, 'stands for any character'],
    ['the null origin', { origins: ['null'] }, 'sandboxed frame'],
    ['the null origin as an expression', { origins: [/^null$/] }, 'sandboxed frame'],
    ['a wildcard among others', { origins: [APP, '*'] }, 'stands alone'],
    ['a wildcard for sub-domains', { origins: ['https://*.example.com'] }, 'stands for nothing'],
    ['a path', { origins: [`${APP}/`] }, 'which browsers send as'],
    ['a host without a scheme', { origins: ['app.example.com'] }, 'which is none'],
  ])('refuse the start: %s', async (_name, cors, reason) => {
    await expect(testApp(moduleWith(cors)).boot()).rejects.toMatchObject({
      code: 'APP_START_REFUSED',
      diagnostics: [{ code: 'SECURITY_CORS_UNSAFE', message: expect.stringContaining(reason) }],
    })
  })

  it('refuse the start at the decorator, with what the application adds to it', async () => {
    @Public('Test.')
    @Controller('/x')
    class Open {
      @Cors({ origins: '*' })
      @Get()
      read(): object {
        return {}
      }
    }
    @Module({ imports: [SecurityModule.with({ cors: { origins: [APP], credentials: true } })], controllers: [Open] })
    class App {}

    await expect(testApp(App).boot()).rejects.toMatchObject({
      diagnostics: [{ code: 'SECURITY_CORS_UNSAFE', message: expect.stringContaining('Open.read') }],
    })
  })

  it('keep it from serving when they are known only then', async () => {
    @Module({
      imports: [SecurityModule.with(() => ({ cors: { origins: '*', credentials: true } }))],
      controllers: [Account],
    })
    class App {}
    await using app = await testApp(App).boot()

    await expect(app.url()).rejects.toMatchObject({ code: 'SECURITY_CORS_UNSAFE' })
  })

  it('an expression that remembers where it stopped answers the same every time', async () => {
    await using app = await testApp(
      moduleWith({ origins: [/^https:\/\/app\.example\.com$/g], credentials: true }),
    ).boot()

    expect([await reads(app, APP), await reads(app, APP), await reads(app, APP)]).toEqual([true, true, true])
  })
})
