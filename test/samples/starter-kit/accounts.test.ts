import { Mailer, type MemoryOutbox, Postman } from 'tenon/auth'

import { totpCode } from './authenticator.ts'
import { answer, Desk, type Member } from './desk.ts'

const PASSWORD = 'purple-Stapler-reads-7-books'
const SIGN_UP = { organisation: 'Acme Works', name: 'Ada', email: 'ada@acme.example', password: PASSWORD }

const post = (desk: Desk, path: string, json: object) => answer(desk.app.request(`/api/auth${path}`, { json }))
const bearing = (token: string) => ({ headers: { authorization: `Bearer ${token}` } })

/** The code behind the link of the last mail to somebody. */
async function codeFor({ app }: Desk, email: string): Promise<string> {
  await app.get(Postman).settled()
  const outbox = app.get(Mailer) as MemoryOutbox
  return /#code=([\w-]+)/.exec(outbox.lastTo(email)?.text ?? '')?.[1] ?? 'no code'
}

/** Signs up and opens the link of the mail. */
async function found(desk: Desk, changes: Partial<typeof SIGN_UP> = {}) {
  const signUp = { ...SIGN_UP, ...changes }
  const asked = await post(desk, '/sign-up', signUp)
  return asked.status === 202 ? post(desk, '/verify', { code: await codeFor(desk, signUp.email) }) : asked
}

const logIn = (desk: Desk, email = SIGN_UP.email, password = PASSWORD) => post(desk, '/token', { email, password })

/** Sets up an authenticator app. @returns The token that has become stronger by it. */
async function enrol(desk: Desk, token: string): Promise<string> {
  const call = (path: string, json: object) =>
    answer(desk.app.request(`/api/auth/mfa${path}`, { json, ...bearing(token) }))
  const { secret } = (await call('/totp', {})).body
  const { body } = await call('/totp/confirm', { code: totpCode(secret, Date.now()) })
  return body.accessToken
}

describe('Accounts of the service desk', () => {
  it('found an organisation with its first admin, once the mailbox is proved', async () => {
    await using desk = await Desk.open()

    expect(await post(desk, '/sign-up', SIGN_UP)).toEqual({ status: 202, body: undefined })
    expect((await logIn(desk)).status).toBe(401)
    expect((await post(desk, '/verify', { code: await codeFor(desk, SIGN_UP.email) })).status).toBe(204)
    const { body: login } = await logIn(desk)
    expect(await answer(desk.app.request('/api/me', bearing(login.accessToken)))).toMatchObject({
      status: 403,
      body: { code: 'MFA_ENROLMENT_REQUIRED', enrol: '/api/auth/mfa' },
    })
    const strong = await enrol(desk, login.accessToken)
    const me = await answer(desk.app.request('/api/me', bearing(strong)))
    const organisation = await answer(desk.app.request('/api/organisation', bearing(strong)))

    expect(me.body).toMatchObject({ email: 'ada@acme.example', name: 'Ada', roles: ['admin'], state: 'active' })
    expect(JSON.stringify(me.body)).not.toContain('argon2')
    expect(me.body.organisationId).toBe('acme-works')
    expect(organisation.body).toMatchObject({ id: 'acme-works', name: 'Acme Works', foundedAt: expect.any(String) })
  })

  it('log in with the right password, however the address is typed', async () => {
    await using desk = await Desk.open()
    await found(desk)

    expect((await logIn(desk, ' Ada@ACME.example ')).status).toBe(200)
  })

  it('answer the same to a wrong password and to somebody unknown', async () => {
    await using desk = await Desk.open()
    await found(desk)
    const failing = async (email: string, password: string) => {
      const { status, body } = await logIn(desk, email, password)
      const { traceId, ...rest } = body
      expect(traceId).toEqual(expect.any(String))
      return { status, ...rest }
    }

    const wrong = await failing(SIGN_UP.email, 'not her password')
    const unknown = await failing('eve@acme.example', PASSWORD)

    expect(wrong).toMatchObject({ status: 401, code: 'AUTH_LOGIN_FAILED' })
    expect(unknown).toEqual(wrong)
  })

  it('have each organisation once, by what remains of its name in an address', async () => {
    await using desk = await Desk.open()
    expect((await found(desk)).status).toBe(204)
    const other = { email: 'eve@acme.example' }

    expect(await found(desk, { ...other, organisation: 'ACME works!' })).toMatchObject({
      status: 409,
      body: { code: 'DESK_ORGANISATION_NAME_TAKEN' },
    })
    expect(await found(desk, { ...other, organisation: '你好' })).toMatchObject({
      status: 422,
      body: { code: 'DESK_ORGANISATION_NAME_UNUSABLE' },
    })
    expect((await found(desk, { ...other, organisation: 'Acme Works 2' })).status).toBe(204)
  })

  it('give a name to one of two who sign up with it at once, and take the other account back', async () => {
    await using desk = await Desk.open()
    const people = ['ada@acme.example', 'eve@acme.example']
    for (const email of people) await post(desk, '/sign-up', { ...SIGN_UP, email })
    const codes = await Promise.all(people.map((email) => codeFor(desk, email)))

    const answers = await Promise.all(codes.map((code) => post(desk, '/verify', { code })))

    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([204, 409])
    const logins = await Promise.all(people.map(async (email) => (await logIn(desk, email)).status))
    expect(logins.toSorted((a, b) => a - b)).toEqual([200, 401])
  })

  it('tell nobody but the mailbox that an address has an account', async () => {
    await using desk = await Desk.open()
    await found(desk)

    expect(await post(desk, '/sign-up', { ...SIGN_UP, organisation: 'Other' })).toEqual({
      status: 202,
      body: undefined,
    })
    expect(await codeFor(desk, SIGN_UP.email)).toBe('no code')
  })

  it('say all that is wrong with a sign-up, and let nobody choose a role or an organisation', async () => {
    await using desk = await Desk.open()
    const json = { organisation: 'A', name: '', email: 'ada', password: '', role: 'admin', tenant: 'globex' }

    const { status, body } = await post(desk, '/sign-up', json)

    expect(status).toBe(400)
    expect(new Set(body.errors.map(({ pointer }: { pointer: string }) => pointer))).toEqual(
      new Set(['/email', '/name', '/organisation', '/password', '/role', '/tenant']),
    )
  })

  it('are asked to join by admins, and made by nobody but their owner', async () => {
    await using desk = await Desk.open()
    const { admin, agent } = await desk.team('acme')
    const json = { email: 'new@acme.example', name: 'New', role: 'agent' }
    const emails = async () => (await answer(admin.app.request('/api/users'))).body.map((user: Member) => user.email)

    expect((await agent.app.request('/api/invitations', { json })).status).toBe(403)
    const invited = await answer(admin.app.request('/api/invitations', { json }))
    expect(await emails()).not.toContain(json.email)
    const listed = await answer(admin.app.request('/api/invitations'))
    const code = await codeFor(desk, json.email)
    expect((await post(desk, '/invitation/accept', { code, password: PASSWORD })).status).toBe(204)
    const login = await logIn(desk, json.email)
    const me = await answer(desk.app.request('/api/me', bearing(login.body.accessToken)))

    expect(invited).toMatchObject({ status: 201, body: { email: json.email, name: 'New', roles: ['agent'] } })
    expect(listed.body).toEqual([invited.body])
    expect(me.body).toMatchObject({ name: 'New', roles: ['agent'], organisationId: 'acme', state: 'active' })
    expect((await answer(admin.app.request('/api/invitations'))).body).toEqual([])
    expect(await emails()).toContain(json.email)
  })

  it('are neither occupied nor betrayed by an invitation: who has one is found out by nobody', async () => {
    await using desk = await Desk.open()
    const { admin } = await desk.team('acme')
    const globex = await desk.team('globex')
    const invite = async (email: string) => {
      const json = { email, name: 'Somebody', role: 'agent' }
      const { status, body } = await answer(admin.app.request('/api/invitations', { json }))
      const { id, createdAt, expiresAt, ...rest } = body
      expect([id, createdAt, expiresAt]).toEqual([expect.any(String), expect.any(String), expect.any(String)])
      return { status, ...rest, email: '' }
    }

    const known = await invite(globex.customer.email)
    const unknown = await invite(SIGN_UP.email)
    const again = await invite(SIGN_UP.email)

    expect(known.status).toBe(201)
    expect([unknown, again]).toEqual([known, known])
    // The owner of the address founds an organisation of her own, as if nothing had happened.
    expect((await found(desk)).status).toBe(204)
    expect((await logIn(desk)).status).toBe(200)
  })

  it('of another organisation join by an invitation, but leave nobody behind without an admin', async () => {
    await using desk = await Desk.open()
    const { admin } = await desk.team('acme')
    const globex = await desk.team('globex')
    const join = async (member: Member) => {
      const json = { email: member.email, name: 'Somebody', role: 'customer' }
      expect((await admin.app.request('/api/invitations', { json })).status).toBe(201)
      const code = await codeFor(desk, member.email)
      return answer(desk.app.request('/api/auth/invitation/join', { json: { code }, ...bearing(member.token) }))
    }

    expect(await join(globex.admin)).toMatchObject({ status: 409, body: { code: 'DESK_LAST_ADMIN' } })
    expect((await join(globex.agent)).status).toBe(200)
    for (const { id } of [globex.customer, globex.colleague]) {
      expect((await globex.admin.app.request(`/api/users/${id}`, { method: 'DELETE' })).status).toBe(204)
    }
    expect((await join(globex.admin)).status).toBe(200)

    const members = await answer(admin.app.request('/api/users'))
    const joined = members.body.filter(({ email }: Member) => email.endsWith('@globex.example'))
    expect(joined.map(({ roles }: Member) => roles)).toEqual([['customer'], ['customer']])
    expect((await desk.app.request('/api/me', bearing(globex.agent.token))).status).toBe(401)
  })

  it('are asked to join by no other organisation than the own, and those asked are seen by no other', async () => {
    await using desk = await Desk.open()
    const { admin } = await desk.team('acme')
    const globex = await desk.team('globex')
    const json = { email: 'new@acme.example', name: 'New', role: 'agent' }
    const { id } = (await answer(admin.app.request('/api/invitations', { json }))).body
    const revoke = ({ app }: Member) => app.request(`/api/invitations/${id}`, { method: 'DELETE' })

    expect((await answer(globex.admin.app.request('/api/invitations'))).body).toEqual([])
    expect(await answer(revoke(globex.admin))).toMatchObject({ status: 404, body: { code: 'AUTH_INVITATION_MISSING' } })
    expect((await revoke(admin)).status).toBe(204)

    const code = await codeFor(desk, json.email)
    expect((await post(desk, '/invitation/accept', { code, password: PASSWORD })).status).toBe(400)
    expect(await logIn(desk, json.email)).toMatchObject({ status: 401 })
  })

  it('are shown to the admins of the own organisation and of no other', async () => {
    await using desk = await Desk.open()
    const acme = await desk.team('acme')
    const globex = await desk.team('globex')
    const idsFor = async ({ app }: typeof acme.admin) =>
      (await answer(app.request('/api/users'))).body.map(({ id }: { id: string }) => id).toSorted()

    const membersOf = ({ admin, agent, customer, colleague }: typeof acme) =>
      [admin, agent, customer, colleague].map(({ id }) => id).toSorted()

    expect(await idsFor(acme.admin)).toEqual(membersOf(acme))
    expect(await idsFor(globex.admin)).toEqual(membersOf(globex))
  })

  it('lose their logins with their role, and with their place', async () => {
    await using desk = await Desk.open()
    const { admin, agent, customer } = await desk.team('acme')
    const status = async (token: string) => (await desk.app.request('/api/me', bearing(token))).status
    expect([await status(agent.token), await status(customer.token)]).toEqual([200, 200])

    const changed = await answer(
      admin.app.request(`/api/users/${agent.id}`, { method: 'PATCH', json: { role: 'customer' } }),
    )
    const closed = await admin.app.request(`/api/users/${customer.id}`, { method: 'DELETE' })

    expect(changed).toMatchObject({ status: 200, body: { roles: ['customer'] } })
    expect(closed.status).toBe(204)
    expect([await status(agent.token), await status(customer.token)]).toEqual([401, 401])
  })

  it('keep an organisation its admin: nobody changes the own role or closes the own account', async () => {
    await using desk = await Desk.open()
    const { admin } = await desk.team('acme')
    const path = `/api/users/${admin.id}`

    const demoted = await answer(admin.app.request(path, { method: 'PATCH', json: { role: 'customer' } }))

    expect(demoted).toMatchObject({ status: 403, body: { code: 'ACCESS_REFUSED' } })
    expect((await admin.app.request(path, { method: 'DELETE' })).status).toBe(403)
  })

  it('log browsers in by cookie, which then needs the token of its page to change anything', async () => {
    await using desk = await Desk.open()
    const { admin } = await desk.team('acme')
    const json = { email: SIGN_UP.email, name: 'Ada', role: 'agent' }
    await admin.app.request('/api/invitations', { json })
    await post(desk, '/invitation/accept', { code: await codeFor(desk, json.email), password: PASSWORD })
    const cookiesOf = (response: Response) =>
      response.headers
        .getSetCookie()
        .map((each) => each.split(';')[0])
        .join('; ')
    const before = await desk.app.request('/api/auth/csrf')
    const { csrfToken } = (await before.json()) as { csrfToken: string }
    const login = await desk.app.request('/api/auth/login', {
      json: { email: SIGN_UP.email, password: PASSWORD },
      headers: { cookie: cookiesOf(before), 'x-csrf-token': csrfToken },
    })
    const { csrfToken: own } = (await login.json()) as { csrfToken: string }
    const cookie = cookiesOf(login)
    const ask = (headers: Record<string, string>) =>
      desk.app.request('/api/tickets', {
        json: { subject: 'No coffee', description: 'Since today.' },
        headers: { cookie, ...headers },
      })

    expect(login.status).toBe(200)
    expect((await ask({})).status).toBe(403)
    expect((await ask({ 'x-csrf-token': own, origin: 'https://evil.example' })).status).toBe(403)
    expect((await ask({ 'x-csrf-token': own })).status).toBe(201)
  })
})
