/** What is sent along that nobody asked for, too long, of another kind, or written to be executed by somebody else. */
import { expecting, Siege, type Team } from './siege.ts'
import { ROUTES } from './routes.ts'
import { bearer, type Call, type Reply } from './wire.ts'

/** What attackers would have themselves given. */
const WISHES: Readonly<Record<string, unknown>> = {
  role: 'admin',
  roles: ['admin', 'operator'],
  tenant: 'magpie-works',
  tenantId: 'magpie-works',
  organisationId: 'magpie-works',
  id: 1,
  ownerId: 'somebody',
  requesterId: '00000000-0000-4000-8000-000000000000',
  authorId: '00000000-0000-4000-8000-000000000000',
  verifiedAt: 1,
  disabledAt: null,
  passwordHash: '$argon2id$v=19$m=256,t=1,p=1$c2FsdHNhbHQ$RvucQgUHrM1LNEy',
  version: 99,
  createdBy: 'somebody',
  createdAt: '2001-01-01T00:00:00.000Z',
  kind: 'operator',
  __proto__x: {},
  constructor: { prototype: { roles: ['admin'] } },
}

const WITHOUT_BODY = [
  'POST /api/auth/logout',
  'POST /api/auth/oidc/logout',
  'POST /api/auth/mfa/recovery-codes',
  'POST /api/auth/mfa/passkey/options',
  'POST /api/auth/mfa/passkeys/options',
  'POST /api/auth/mfa/step-up/options',
  'POST /api/api-keys/:id/rotation',
  'POST /api/tickets/:id/close',
  'POST /observe/profile',
]
const WITH_BODY = Object.keys(ROUTES).filter((route) => !/^(GET|DELETE) /.test(route) && !WITHOUT_BODY.includes(route))

async function callOf(siege: Siege, team: Team, route: string): Promise<Call> {
  const entry = ROUTES[route]!
  if ('open' in entry) return entry.call
  const { call, owner } = await entry.stage(siege, team)
  const own = entry.isOfBrowsers ? siege.browser(await siege.session(owner)) : bearer(owner.accessToken)
  return { ...call, headers: { ...call.headers, ...own } }
}

function bodyOf(route: string, { json }: Call): object {
  if (typeof json === 'object' && json !== null) return json
  throw new Error(`${route} has no body in attacks/routes.ts: name it in WITHOUT_BODY, or give it one.`)
}

describe('A body for the starter kit', () => {
  let siege: Siege
  let team: Team

  beforeAll(async () => {
    siege = await Siege.begin()
    team = await siege.team('kestrel-works')
    await siege.team('magpie-works')
  })

  afterAll(() => siege[Symbol.asyncDispose]())

  it.each(WITH_BODY)('of %s takes no field that it does not name', async (route) => {
    const call = await callOf(siege, team, route)
    const json = bodyOf(route, call)

    for (const [name, value] of Object.entries(WISHES)) {
      if (Object.hasOwn(json, name)) continue
      const reply = await siege.send({ ...call, json: { ...json, [name]: value } })
      expect([route, name, reply.status < 300]).toEqual([route, name, false])
      expect(reply.status).toBeLessThan(500)
    }
    const polluted = JSON.stringify(json).replace('{', '{"__proto__":{"roles":["admin"],"isAdmin":true},')
    expect((await siege.send({ ...call, raw: polluted })).status).toBeGreaterThanOrEqual(400)
    expect(({} as Record<string, unknown>)['isAdmin']).toBeUndefined()
  })

  it.each(WITH_BODY)('of %s is refused, and breaks nothing, when it is of another kind', async (route) => {
    const call = await callOf(siege, team, route)
    const json = bodyOf(route, call)
    const fields = Object.keys(json)
    const values = [null, 1, -1, 1e308, true, [], {}, [[]], { $ne: null }, { length: 3 }, '\u0000', 'x'.repeat(20_000)]
    const bodies = ['null', '[]', '"text"', '1', '{', '{"a":', '', '\u0000', `${'['.repeat(5000)}`, '{"a":1}{"b":2}']

    const replies: Reply[] = []
    for (const raw of bodies) replies.push(await siege.send({ ...call, raw, method: call.method ?? 'POST' }))
    for (const field of fields) {
      for (const value of values) {
        const reply = await siege.send({ ...call, json: { ...json, [field]: value } })
        expect([route, field, reply.status < 500]).toEqual([route, field, true])
        replies.push(reply)
      }
    }
    for (const type of ['text/plain', 'application/xml', 'application/x-www-form-urlencoded', 'multipart/form-data']) {
      replies.push(await siege.send({ ...call, headers: { ...call.headers, 'content-type': type } }))
    }

    for (const reply of replies) {
      expect(reply.status).toBeLessThan(500)
      expect(reply.text).not.toMatch(/ at .*\.(?:js|ts):\d+|node_modules|SQLITE|QueryFailed/)
    }
  })

  it('of more than is read is refused, whatever it says of its length', async () => {
    const raw = JSON.stringify({ subject: 'x', description: 'x'.repeat(5_000_000) })

    const refused = await siege
      .as(team.customer, { path: '/api/tickets', raw })
      .catch((error: NodeJS.ErrnoException) => error.code)

    expect([413, 'EPIPE', 'ECONNRESET']).toContain(typeof refused === 'object' ? refused.status : refused)
    expect((await siege.ticket(team.customer)).id).toBeGreaterThan(0)
  })

  it.each([
    '<script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    '{{constructor.constructor("return process")()}}',
    "'; DROP TABLE tickets; --",
    '${7*7}<%= 7*7 %>#{7*7}',
    '=cmd|calc!A1',
    '\u202Egnp.exe',
    '../../../etc/passwd',
  ])('that says %s comes back as data, letter by letter', async (text) => {
    const { id } = await siege.ticket(team.customer, { subject: `S ${text}`, description: `D ${text}` })
    const path = `/api/tickets/${id}`
    await siege.as(team.agent, { method: 'PATCH', path, json: { internalNotes: `N ${text}` } })
    expecting(201, await siege.as(team.agent, { path: `${path}/comments`, json: { body: `C ${text}` } }))
    const invited = await siege.as(team.admin, {
      path: '/api/invitations',
      json: { email: `i.${id}@kestrel-works.example`, name: `M ${text}`.slice(0, 80), role: 'customer' },
    })
    const key = await siege.as(team.agent, {
      path: '/api/api-keys',
      json: { name: `K ${text}`, scopes: ['tickets:read'] },
    })

    const replies = await Promise.all([
      siege.as(team.agent, { path }),
      siege.as(team.agent, { path: `${path}/comments` }),
      siege.as(team.agent, { path: `${path}/history` }),
      siege.as(team.agent, { path: '/api/tickets?size=100' }),
      siege.as(team.admin, { path: '/api/users' }),
      siege.as(team.agent, { path: '/api/api-keys' }),
      siege.as(team.agent, { path: `/api/tickets?search=${encodeURIComponent(text.slice(0, 30))}` }),
    ])

    for (const { status, headers } of [...replies, invited, key]) {
      expect(status).toBeLessThan(300)
      expect(headers['content-type']).toBe('application/json; charset=utf-8')
      expect(headers['x-content-type-options']).toBe('nosniff')
    }
    expect(replies[0].body).toMatchObject({
      subject: `S ${text}`,
      description: `D ${text}`,
      internalNotes: `N ${text}`,
    })
    expect(replies[1].body.items[0].body).toBe(`C ${text}`)
    expect(replies[6].body.items.map((ticket: { id: number }) => ticket.id)).toContain(id)
    expect(invited.body.name).toBe(`M ${text}`.slice(0, 80))
    expect(key.body.key.name).toBe(`K ${text}`)
  })
})
