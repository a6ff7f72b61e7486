/** Logins, tokens, sessions, mails and roles. */
import { AccountAdministration } from 'tenon/auth'

import { expecting, cookiesOf, PASSWORD, Siege, type Team } from './siege.ts'
import { bearer, type Call, type Reply } from './wire.ts'

const OTHER_PASSWORD = 'green_Kettle_walks_9_miles'
const NOBODY = 'nobody@evil.example'

/** An answer without what differs in each. */
function likeness({ status, body }: Reply): object {
  const { traceId: _, ...rest } = (body ?? {}) as Record<string, unknown>
  return { status, ...rest }
}

describe('Accounts of the starter kit', () => {
  let siege: Siege
  let team: Team
  let strangers: Team
  let calls = 0

  beforeAll(async () => {
    siege = await Siege.begin({ ACCOUNTS_MAILS_PER_HOUR: '100' })
    team = await siege.team('kestrel-works')
    strangers = await siege.team('magpie-works')
  })

  beforeEach(() => {
    siege.address = `192.0.2.${(calls += 1)}`
  })

  afterAll(() => siege[Symbol.asyncDispose]())

  const post = (path: string, json: object, headers: Call['headers'] = {}) =>
    siege.send({ path: `/api/auth${path}`, json, headers })
  const me = (accessToken: string) => siege.send({ path: '/api/me', headers: bearer(accessToken) })

  it('are not told apart from others by a login', async () => {
    const known = await post('/token', { email: team.customer.email, password: 'wrong' })
    const unknown = await post('/token', { email: NOBODY, password: 'wrong' })

    expect(likeness(known)).toEqual(likeness(unknown))
    expect(known.status).toBe(401)
    expecting(200, await post('/token', { email: team.customer.email, password: PASSWORD }))
  })

  it('are not told apart from others by the login of a disabled account', async () => {
    const gone = await siege.person(team.id, 'customer')
    await siege.app.get(AccountAdministration).disable(gone.id)

    const disabled = await post('/token', { email: gone.email, password: PASSWORD })

    expect(likeness(disabled)).toEqual(likeness(await post('/token', { email: NOBODY, password: PASSWORD })))
    expecting(200, await post('/token', { email: team.customer.email, password: PASSWORD }))
  })

  it('are not told apart from others by a sign-up', async () => {
    const signUp = (email: string, organisation: string) =>
      post('/sign-up', { email, password: PASSWORD, name: 'Eve', organisation })

    const known = await signUp(team.customer.email, 'Evil one')
    const unknown = await signUp(NOBODY, 'Evil two')

    expect([likeness(known), known.text]).toEqual([likeness(unknown), unknown.text])
    expect(known.status).toBe(202)
    expect(await siege.codeFor(team.customer.email)).toBeUndefined()
    expect(await siege.codeFor(NOBODY)).toBeDefined()
  })

  it('are not told apart from others by a forgotten password', async () => {
    const known = await post('/password/forgot', { email: team.colleague.email })
    const unknown = await post('/password/forgot', { email: 'not.anybody@evil.example' })

    expect([likeness(known), known.text]).toEqual([likeness(unknown), unknown.text])
    expect(await siege.codeFor(team.colleague.email)).toBeDefined()
    expect(siege.outbox.lastTo('not.anybody@evil.example')).toBeUndefined()
  })

  it.each(['host', 'x-forwarded-host', 'forwarded', 'x-original-host', 'origin', 'referer', 'x-forwarded-proto'])(
    'get mails whose links lead to the desk, whatever %s says',
    async (header) => {
      const { email } = await siege.person(team.id, 'customer')
      const value =
        header === 'forwarded'
          ? 'host=evil.example;proto=https'
          : header === 'origin' || header === 'referer'
            ? 'https://evil.example'
            : 'evil.example'

      const reply = await post('/password/forgot', { email }, { [header]: value })
      const code = await siege.codeFor(email)
      const mail = JSON.stringify(siege.outbox.lastTo(email) ?? '')

      expect(mail).not.toContain('evil.example')
      expect([reply.status, code === undefined]).toEqual(reply.status === 202 ? [202, false] : [reply.status, true])
      expecting(202, await post('/password/forgot', { email }))
      expect(await siege.codeFor(email)).toBeDefined()
    },
  )

  it('get mails with one recipient, whatever stands in an address', async () => {
    const sent = siege.outbox.mails.length
    for (const email of [
      'a@evil.example\r\nBcc: b@evil.example',
      'a@evil.example,b@evil.example',
      'a@evil.example;b@evil.example',
      '<a@evil.example>',
      ['a@evil.example', 'b@evil.example'],
    ]) {
      expect((await post('/password/forgot', { email })).status).toBe(400)
    }
    await siege.codeFor(NOBODY)

    expect(siege.outbox.mails).toHaveLength(sent)
  })

  it('wait after guesses, from wherever they come, and then the right password counts again', async () => {
    const { email } = await siege.person(team.id, 'customer')
    const statuses: number[] = []
    for (let tries = 0; tries < 8; tries += 1) {
      siege.address = `198.18.0.${tries}`
      statuses.push((await post('/token', { email, password: `guess ${tries}` })).status)
    }

    expect(statuses.slice(0, 5)).toEqual([401, 401, 401, 401, 401])
    expect(statuses.slice(5)).toEqual([429, 429, 429])
    expect((await post('/token', { email, password: PASSWORD })).status).toBe(429)
    expecting(200, await post('/token', { email: team.agent.email, password: PASSWORD }))
  })

  it('wait for nobody by a header that spells the address anew', async () => {
    const guess = (email: string) => post('/token', { email, password: 'wrong' })
    const { email } = await siege.person(team.id, 'customer')
    const spellings = [email, email.toUpperCase(), ` ${email}`, `${email} `, email, email]

    const statuses: number[] = []
    for (const each of spellings) statuses.push((await guess(each)).status)

    expect(statuses.at(-1)).toBe(429)
    expecting(200, await post('/token', { email: team.agent.email, password: PASSWORD }))
  })

  it('get a new session at a login, whatever cookie was planted before', async () => {
    const planted = `session=${'A'.repeat(43)}`
    const before = await siege.send({ path: '/api/auth/csrf', headers: { cookie: planted } })
    const cookie = [planted, cookiesOf(before)].filter(Boolean).join('; ')

    const login = await siege.send({
      path: '/api/auth/login',
      json: { email: team.customer.email, password: PASSWORD },
      headers: siege.browser({ cookie, csrfToken: before.body.csrfToken }),
    })

    expect([200, 403]).toContain(login.status)
    expect(cookiesOf(login)).not.toContain('A'.repeat(43))
    expect((await siege.send({ path: '/api/me', headers: { cookie: planted } })).status).toBe(401)
    const session = await siege.session(team.customer)
    expecting(200, await siege.send({ path: '/api/me', headers: { cookie: session.cookie } }))
  })

  it('get a cookie that no script reads and no other site sends with a form', async () => {
    const before = await siege.send({ path: '/api/auth/csrf' })
    const { headers } = expecting(
      200,
      await siege.send({
        path: '/api/auth/login',
        json: { email: team.agent.email, password: PASSWORD },
        headers: siege.browser({ cookie: cookiesOf(before), csrfToken: before.body.csrfToken }),
      }),
    )

    const cookie = String([headers['set-cookie']].flat().find((line) => line?.startsWith('session=')))
    expect(cookie).toMatch(/HttpOnly/i)
    expect(cookie).toMatch(/SameSite=(Lax|Strict)/i)
    expect(cookie).not.toMatch(/Domain=/i)
  })

  it('are not logged in by another site with the account of the attacker', async () => {
    const credentials = { email: strangers.customer.email, password: PASSWORD }
    const evil = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }
    const sites: readonly NonNullable<Call['headers']>[] = [
      {},
      evil,
      { ...evil, 'content-type': 'text/plain' },
      { 'sec-fetch-site': 'same-site' },
    ]

    for (const headers of sites) {
      const reply = await siege.send({ path: '/api/auth/login', json: credentials, headers })
      expect([403, 415]).toContain(reply.status)
      expect(cookiesOf(reply)).not.toContain('session=')
    }
    expect((await siege.session(strangers.customer)).cookie).toContain('session=')
  })

  it('lose the login whose refresh token is used twice', async () => {
    const { accessToken, refreshToken } = await siege.tokens(team.colleague.email)
    const refresh = (token: string) => post('/token/refresh', { refreshToken: token })
    const second = expecting(200, await refresh(refreshToken)).body
    const third = expecting(200, await refresh(second.refreshToken)).body

    expect((await refresh(refreshToken)).status).toBe(401)
    expect((await refresh(third.refreshToken)).status).toBe(401)
    for (const token of [accessToken, second.accessToken, third.accessToken]) expect((await me(token)).status).toBe(401)
    expecting(200, await me((await siege.tokens(team.colleague.email)).accessToken))
  })

  it.each([
    ['an access token as refresh token', () => ({ refreshToken: team.agent.accessToken })],
    ['a made-up refresh token', () => ({ refreshToken: `tnr_${'A'.repeat(43)}` })],
    [
      'a refresh token for another audience',
      () => ({ refreshToken: team.agent.refreshToken, audience: 'https://evil.example' }),
    ],
    ['a refresh token with another owner', () => ({ refreshToken: team.agent.refreshToken, principalId: 'x' })],
  ])('are not renewed by %s', async (_what, json) => {
    expect([400, 401]).toContain((await post('/token/refresh', json())).status)
    const { refreshToken } = await siege.tokens(team.agent.email)
    expecting(200, await post('/token/refresh', { refreshToken }))
  })

  it('lose what their former role allowed at once: tokens, sessions, API keys', async () => {
    const demoted = await siege.person(team.id, 'admin')
    const session = await siege.session(demoted)
    const key = await siege.apiKey(demoted, ['members:manage', 'tickets:read'])
    const users = (headers: Call['headers'] = {}) => siege.send({ path: '/api/users', headers })
    expect((await users({ 'x-api-key': key.secret })).status).toBe(200)
    expect((await users({ cookie: session.cookie })).status).toBe(200)

    const path = `/api/users/${demoted.id}`
    expecting(200, await siege.as(team.admin, { method: 'PATCH', path, json: { role: 'customer' } }))

    expect((await users(bearer(demoted.accessToken))).status).toBe(401)
    expect((await users({ cookie: session.cookie })).status).toBe(401)
    expect([401, 403]).toContain((await users({ 'x-api-key': key.secret })).status)
    expect((await post('/token/refresh', { refreshToken: demoted.refreshToken })).status).toBe(401)
    const { accessToken } = await siege.tokens(demoted.email)
    expect((await users(bearer(accessToken))).status).toBe(403)
    expecting(200, await me(accessToken))
  })

  it('lose everything when they are disabled: tokens, sessions, API keys, codes', async () => {
    const leaving = await siege.person(team.id, 'agent')
    const session = await siege.session(leaving)
    const { secret } = await siege.apiKey(leaving, ['tickets:read'])
    await post('/password/forgot', { email: leaving.email })
    const code = await siege.codeFor(leaving.email)
    expecting(200, await siege.send({ path: '/api/tickets', headers: { 'x-api-key': secret } }))

    expecting(204, await siege.as(team.admin, { method: 'DELETE', path: `/api/users/${leaving.id}` }))

    expect((await me(leaving.accessToken)).status).toBe(401)
    expect((await siege.send({ path: '/api/me', headers: { cookie: session.cookie } })).status).toBe(401)
    expect((await siege.send({ path: '/api/tickets', headers: { 'x-api-key': secret } })).status).toBe(401)
    expect((await post('/token/refresh', { refreshToken: leaving.refreshToken })).status).toBe(401)
    expect((await post('/password/reset', { code, password: OTHER_PASSWORD })).status).toBe(400)
    expect((await post('/token', { email: leaving.email, password: PASSWORD })).status).toBe(401)
    expecting(200, await me(team.agent.accessToken))
  })

  it('give themselves no role: not the own one, not by inviting, not by a key', async () => {
    const eve = await siege.person(team.id, 'agent')
    const own = `/api/users/${eve.id}`
    const invitation = { email: 'eve.admin@kestrel-works.example', name: 'Eve', role: 'admin' }

    expect((await siege.as(eve, { method: 'PATCH', path: own, json: { role: 'admin' } })).status).toBe(403)
    expect((await siege.as(eve, { path: '/api/invitations', json: invitation })).status).toBe(403)
    const { secret } = await siege.apiKey(eve, ['members:manage', 'tickets:work'])
    const byKey = { path: '/api/invitations', json: invitation, headers: { 'x-api-key': secret } }
    expect((await siege.send(byKey)).status).toBe(403)
    const self = `/api/users/${team.admin.id}`
    expect((await siege.as(team.admin, { method: 'PATCH', path: self, json: { role: 'customer' } })).status).toBe(403)
    expect((await siege.as(team.admin, { method: 'DELETE', path: self })).status).toBe(403)

    expecting(201, await siege.as(team.admin, { path: '/api/invitations', json: invitation }))
    expect((await me(eve.accessToken)).body.roles).toEqual(['agent'])
  })

  it.each(['owner', 'operator', 'Admin', 'admin ', '', 'customer,admin', '*'])('get no role "%s"', async (role) => {
    const { id } = await siege.person(team.id, 'customer')
    const change = (json: object) => siege.as(team.admin, { method: 'PATCH', path: `/api/users/${id}`, json })

    expect((await change({ role })).status).toBe(400)
    expect((await change({ role: ['admin'] })).status).toBe(400)
    expecting(200, await change({ role: 'agent' }))
  })

  it('get into an organisation by the mail of an invitation alone, and with its role', async () => {
    const email = 'ingrid@kestrel-works.example'
    await siege.invite(team.admin, email)
    const code = await siege.codeFor(email)

    expect((await post('/token', { email, password: '' })).status).toBe(400)
    expect((await post('/token', { email, password: PASSWORD })).status).toBe(401)
    expect((await post('/verify', { code })).status).toBe(400)
    expect((await post('/email/confirm', { code })).status).toBe(400)
    expect((await post('/password/reset', { code, password: OTHER_PASSWORD })).status).toBe(400)
    const stranger = bearer(strangers.admin.accessToken)
    expect((await post('/invitation/join', { code }, stranger)).status).toBe(400)
    expect((await post('/invitation/accept', { code, password: OTHER_PASSWORD, role: 'admin' })).status).toBe(400)
    expecting(204, await post('/invitation/accept', { code, password: OTHER_PASSWORD }))
    expect((await post('/invitation/accept', { code, password: PASSWORD })).status).toBe(400)
    const { accessToken } = await siege.tokens(email, OTHER_PASSWORD)
    expect((await me(accessToken)).body).toMatchObject({ roles: ['customer'], organisationId: team.id })
  })

  it('found no organisation twice by one sign-up, and take over none by its name', async () => {
    const signUp = (organisation: string) =>
      post('/sign-up', { email: 'mallory@evil.example', password: PASSWORD, name: 'Mallory', organisation })

    for (const name of ['kestrel-works', 'Kestrel Works', ' KESTREL  works ', 'kestrel_works', 'Kestrél-works']) {
      expect((await signUp(name)).status).toBe(409)
    }
    expecting(202, await signUp('Mallory & sons'))
    const code = await siege.codeFor('mallory@evil.example')
    expecting(204, await post('/verify', { code }))
    expect((await post('/verify', { code })).status).toBe(400)
    const weak = await siege.tokens('mallory@evil.example')
    expect((await me(weak.accessToken)).body.code).toBe('MFA_ENROLMENT_REQUIRED')
    await siege.enrol({ ...weak, email: 'mallory@evil.example' })
    const { accessToken } = await siege.tokens('mallory@evil.example')
    expect((await me(accessToken)).body).toMatchObject({ organisationId: 'mallory-sons', roles: ['admin'] })
    expect((await siege.send({ path: '/api/users', headers: bearer(accessToken) })).text).not.toContain('kestrel')
  })

  it('do not have the password changed by who only has the token', async () => {
    const { accessToken, email } = await siege.person(team.id, 'customer')
    const change = (password: string) =>
      post('/password/change', { password, newPassword: OTHER_PASSWORD }, bearer(accessToken))
    const move = (password: string) => post('/email', { password, newEmail: NOBODY }, bearer(accessToken))

    expect([400, 401, 403]).toContain((await change('guess')).status)
    expect([400, 401, 403]).toContain((await move('guess')).status)
    expecting(200, await post('/token', { email, password: PASSWORD }))
    expecting(200, await change(PASSWORD))
  })

  it.each(['password', '12345678', 'kestrel-works', 'aaaaaaaaaaaa', 'Password1!'])(
    'take no password such as %s',
    async (newPassword) => {
      const { accessToken } = await siege.person(team.id, 'customer')
      const change = (password: string) =>
        post('/password/change', { password: PASSWORD, newPassword: password }, bearer(accessToken))

      expect([400, 422]).toContain((await change(newPassword)).status)
      expecting(200, await change(OTHER_PASSWORD))
    },
  )

  it('show history and internal notes to nobody who only asks for help', async () => {
    const { id } = await siege.ticket(team.customer)
    const path = `/api/tickets/${id}`
    expecting(200, await siege.as(team.agent, { method: 'PATCH', path, json: { internalNotes: 'qz-note' } }))
    expecting(
      201,
      await siege.as(team.agent, { path: `${path}/comments`, json: { body: 'qz-inner', isInternal: true } }),
    )
    const { secret } = await siege.apiKey(team.customer, ['tickets:read', 'tickets:work', 'members:manage'])
    const places = [path, `${path}/history`, `${path}/comments`, '/api/tickets?size=100', '/api/tickets?search=qz-note']

    for (const each of places) {
      for (const headers of [bearer(team.customer.accessToken), { 'x-api-key': secret }]) {
        for (const version of ['1', '2']) {
          const reply = await siege.send({ path: each, headers: { ...headers, 'x-api-version': version } })
          expect(reply.text).not.toMatch(/qz-note|qz-inner/)
        }
      }
    }
    expect((await siege.as(team.agent, { path })).text).toContain('qz-note')
    expect((await siege.as(team.agent, { path: `${path}/history` })).text).toContain('qz-note')
  })

  it('open no audit log, whatever path is guessed', async () => {
    for (const path of [
      '/audit',
      '/api/audit',
      '/api/audit-log',
      '/admin',
      '/api/admin',
      '/debug',
      '/.env',
      '/.git/config',
      '/package.json',
      '/api/history',
    ]) {
      for (const caller of [team.customer, team.admin]) expect((await siege.as(caller, { path })).status).toBe(404)
    }
    expecting(200, await siege.as(team.admin, { path: '/api/users' }))
  })
})
