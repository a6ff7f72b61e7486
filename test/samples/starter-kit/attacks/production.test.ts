/** The starter kit as it runs in production: what it shows, and to whom. */
import { expecting, PASSWORD, Siege, type Team } from './siege.ts'
import { ROUTES } from './routes.ts'
import { bearer } from './wire.ts'
import { PRODUCTION } from '../desk.ts'
import { UserRepository } from '../../../../samples/starter-kit/accounts/user-repository.ts'

const ORIGINS = [
  'https://evil.example',
  'null',
  'https://desk.example.evil.example',
  'http://desk.example',
  'https://evildesk.example',
]

/** What only somebody inside may know. */
const INTERNALS =
  /\bat .*\.(?:js|ts):\d+|node_modules|\/work\/|file:\/\/|SELECT |INSERT |sqlite|TypeORM|QueryFailed|argon2|stack/i

class BrokenRepository extends UserRepository {
  override find(): Promise<never> {
    return this.manager.query('SELECT secret_column FROM secret_table') as Promise<never>
  }
}

describe('The starter kit in production', () => {
  let siege: Siege
  let team: Team

  beforeAll(async () => {
    siege = await Siege.begin(PRODUCTION, (builder) => builder.override(UserRepository).withClass(BrokenRepository))
    team = await siege.team('kestrel-works')
  })

  afterAll(() => siege[Symbol.asyncDispose]())

  it.each(['/_dev', '/_dev/', '/_dev/calls/1', '/_dev/profile', '/_DEV', '/%5fdev'])('has no %s', async (path) => {
    const replies = await Promise.all([
      siege.send({ path, headers: { 'x-forwarded-for': '127.0.0.1', host: 'localhost' } }),
      siege.as(team.admin, { path }),
      siege.as(team.admin, { path, method: 'POST' }),
    ])

    expect(replies.map(({ status }) => status)).toEqual([404, 404, 404])
  })

  it.each([
    ['from another machine', {}],
    ['with a guessed token', { authorization: 'Bearer metrics' }],
    ['with an admin of a desk', { role: 'admin' }],
    ['by a page of another site', { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }],
  ])('shows its metrics to nobody %s', async (_what, { role, ...headers }: Readonly<Record<string, string>>) => {
    const own = role === undefined ? {} : bearer(team.admin.accessToken)

    expect([401, 403]).toContain((await siege.send({ path: '/metrics', headers: { ...own, ...headers } })).status)
    expecting(200, await siege.send({ path: '/health/live' }))
  })

  it.each([
    'web-controller.ts',
    'web-controller.js',
    '..',
    '../app-module.ts',
    '..%2fapp-module.ts',
    '..%2f..%2f..%2fpackage.json',
    '..%5capp-module.ts',
    '%2e%2e%2fapp-module.ts',
    '....//app-module.ts',
    '%252e%252e%252fapp-module.ts',
    '%2fetc%2fpasswd',
    'page.js%00.ts',
    '.',
    '.env',
    'page.js%2f..%2f..%2fmain.ts',
    'file:%2f%2f%2fetc%2fpasswd',
  ])('serves its page, and not /web/%s', async (name) => {
    const reply = await siege.send({ path: `/web/${name}` })

    expect([400, 404]).toContain(reply.status)
    expect(reply.text).not.toMatch(/import |root:|@Controller|"name": "tenon"/)
    expecting(200, await siege.send({ path: '/web/page.js' }))
  })

  it('tells of a failure inside nothing but that there was one, and where to look for it', async () => {
    const reply = await siege.as(team.admin, { path: '/api/users' })

    expect(reply.status).toBe(500)
    expect(Object.keys(reply.body).toSorted()).toEqual(['code', 'status', 'title', 'traceId', 'type'])
    expect(reply.text).not.toMatch(/secret_/)
    expect(reply.text).not.toMatch(INTERNALS)
    expect(
      JSON.stringify(siege.app.logs.lines.map(({ message, fields }) => [message, String(fields?.['error'])])),
    ).toMatch(/secret_table/)
  })

  it.each(Object.keys(ROUTES).filter((route) => route.includes('/api/')))(
    'tells nothing of its inside when %s refuses',
    async (route) => {
      const [method, path] = route.split(' ') as [string, string]
      const filled = path.replace(':id', '%F0%9F%92%A3')
      const { accessToken } = await siege.person(team.id, 'customer')

      const replies = await Promise.all([
        siege.send({ method, path: filled }),
        siege.send({ method, path: filled, headers: bearer(accessToken), raw: '{"a":' }),
        siege.send({ method, path: `${filled}?x[y]=%`, headers: bearer(accessToken), json: { a: [] } }),
        siege.send({ method, path: filled, headers: { ...bearer(accessToken), 'x-api-version': '<script>' } }),
      ])

      for (const { status, headers, text } of replies) {
        expect(text).not.toMatch(INTERNALS)
        expect(headers['x-powered-by']).toBeUndefined()
        expect(headers['server']).toBeUndefined()
        if (status >= 400) expect(headers['content-type']).toContain('application/problem+json')
        expect(headers['x-content-type-options']).toBe('nosniff')
      }
    },
  )

  it.each(ORIGINS)('lets pages of %s read nothing', async (origin) => {
    const preflight = {
      origin,
      'access-control-request-method': 'GET',
      'access-control-request-headers': 'authorization',
    }

    for (const path of ['/api/tickets', '/api/me', '/api/auth/token', '/openapi.json', '/nothing']) {
      const replies = [
        await siege.send({ path, headers: { origin } }),
        await siege.send({ path, method: 'OPTIONS', headers: preflight }),
        await siege.as(team.customer, { path, headers: { origin } }),
      ]
      for (const { headers } of replies) {
        expect(headers['access-control-allow-origin']).toBeUndefined()
        expect(headers['access-control-allow-credentials']).toBeUndefined()
      }
    }
    expecting(200, await siege.as(team.customer, { path: '/api/me' }))
  })

  it('sends browsers by HTTPS only, and its cookies nowhere else', async () => {
    const before = expecting(200, await siege.send({ path: '/api/auth/csrf' }))
    const cookie = [before.headers['set-cookie'] ?? []].flat().map((line) => line.split(';')[0])
    const login = await siege.send({
      path: '/api/auth/login',
      json: { email: team.customer.email, password: PASSWORD },
      headers: {
        cookie: cookie.join('; '),
        'x-csrf-token': before.body.csrfToken,
        origin: 'https://desk.example',
        'sec-fetch-site': 'same-origin',
      },
    })

    expect(before.headers['strict-transport-security']).toMatch(/max-age=\d{7,}/)
    const cookies = [expecting(200, login).headers['set-cookie'] ?? []].flat()
    expect(cookies.some((line) => line.startsWith('__Host-session='))).toBe(true)
    for (const line of cookies) expect(line).toMatch(/; Secure/i)
  })

  it('explains its refusals to nobody whom they are for', async () => {
    const refused = await siege.as(team.customer, { path: '/api/users' })

    expect(refused.status).toBe(403)
    expect(refused.body).not.toHaveProperty('explanation')
    expect(refused.text).not.toMatch(/user-policy|members:manage.*members-controller|\.ts/)
    expecting(200, await siege.as(team.customer, { path: '/api/me' }))
  })

  it('is not to be called a server of somebody else', async () => {
    for (const host of ['evil.example', 'localhost', '169.254.169.254']) {
      const reply = await siege.send({ path: '/api/tickets', headers: { host, 'x-forwarded-host': host } })
      expect(JSON.stringify([reply.headers, reply.text])).not.toContain(host)
      expect(reply.status).toBe(401)
    }
    expecting(200, await siege.as(team.customer, { path: '/api/tickets' }))
  })

  it.each([
    ['AUTH_ISSUER', 'AUTH_ISSUER'],
    ['AUTH_KEY_SECRET', 'Signing keys would lie in the database in plain text'],
    ['MFA_SECRET_KEY', 'MFA_SECRET_KEY'],
    ['PUBLIC_URL', 'no link in a mail can lead to it'],
  ])('does not start without %s', async (name, said) => {
    const env = Object.fromEntries(Object.entries(PRODUCTION).filter(([each]) => each !== name))

    await expect(Siege.begin(env)).rejects.toThrow(said)
  })

  it.each([
    ['demo accounts', { DESK_SEED: 'true' }, 'DESK_SEED'],
    ['cookies that go anywhere', { SESSION_SECURE: 'false' }, 'cookie'],
    [
      'somebody to log in with and nothing to seal it',
      { OIDC_ISSUER: 'https://id.example', OIDC_CLIENT_ID: 'desk' },
      'Nothing seals the cookies',
    ],
    ['a short key secret', { AUTH_KEY_SECRET: 'short' }, 'does not start'],
  ])('does not start with %s', async (_what, env, said) => {
    await expect(Siege.begin({ ...PRODUCTION, ...env })).rejects.toThrow(said)
  })
})
