import { Passwords } from '../../../samples/starter-kit/accounts/passwords.ts'
import { answer, Desk } from './desk.ts'

const PASSWORD = 'correct horse battery'
const SIGN_UP = { organisation: 'Acme', name: 'Ada', email: 'ada@acme.example', password: PASSWORD }

describe('Accounts of the service desk', () => {
  it('founds an organisation with its first admin, who is logged in', async () => {
    await using desk = await Desk.open()

    const { status, body } = await answer(desk.app.request('/api/auth/sign-up', { json: SIGN_UP }))
    const authorization = `Bearer ${body.token}`
    const me = await answer(desk.app.request('/api/me', { headers: { authorization } }))
    const organisation = await answer(desk.app.request('/api/organisation', { headers: { authorization } }))

    expect(status).toBe(201)
    expect(new Date(body.expiresAt).getTime()).toBeGreaterThan(Date.now())
    expect(me).toEqual({ status: 200, body: body.user })
    expect(Object.keys(me.body).toSorted()).toEqual(['createdAt', 'email', 'id', 'name', 'organisationId', 'role'])
    expect(me.body).toMatchObject({ email: 'ada@acme.example', name: 'Ada', role: 'admin' })
    expect(organisation.body).toMatchObject({ id: me.body.organisationId, name: 'Acme' })
  })

  it('logs in with the right password, however the address is typed', async () => {
    await using desk = await Desk.open()
    await desk.app.request('/api/auth/sign-up', { json: SIGN_UP })

    const login = { email: ' Ada@ACME.example ', password: PASSWORD }

    expect(await answer(desk.app.request('/api/auth/login', { json: login }))).toMatchObject({
      status: 200,
      body: { token: expect.any(String), user: { email: 'ada@acme.example' } },
    })
  })

  it('answers the same to a wrong password and to somebody it does not know', async () => {
    await using desk = await Desk.open()
    await desk.app.request('/api/auth/sign-up', { json: SIGN_UP })
    const failing = async (login: object) => {
      const { status, body } = await answer(desk.app.request('/api/auth/login', { json: login }))
      const { traceId, ...rest } = body
      expect(traceId).toEqual(expect.any(String))
      return { status, ...rest }
    }

    const wrong = await failing({ email: 'ada@acme.example', password: 'not her password' })
    const unknown = await failing({ email: 'eve@acme.example', password: PASSWORD })

    expect(wrong).toMatchObject({ status: 401, code: 'DESK_LOGIN_FAILED' })
    expect(unknown).toEqual(wrong)
  })

  it('has each address and each organisation once', async () => {
    await using desk = await Desk.open()
    const signUp = (changes: object) =>
      answer(desk.app.request('/api/auth/sign-up', { json: { ...SIGN_UP, ...changes } }))
    expect((await signUp({})).status).toBe(201)

    expect(await signUp({ organisation: 'Other' })).toMatchObject({ status: 409, body: { code: 'DESK_EMAIL_TAKEN' } })
    expect(await signUp({ email: 'eve@acme.example' })).toMatchObject({
      status: 409,
      body: { code: 'DESK_ORGANISATION_NAME_TAKEN' },
    })
    // The refused organisation was rolled back with the account: its name is free.
    expect((await signUp({ organisation: 'Other', email: 'eve@other.example' })).status).toBe(201)
  })

  it('gives an address to one of several who sign up with it at once', async () => {
    await using desk = await Desk.open()

    const answers = await Promise.all(
      ['One', 'Two', 'Three'].map((organisation) =>
        answer(desk.app.request('/api/auth/sign-up', { json: { ...SIGN_UP, organisation } })),
      ),
    )

    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 409, 409])
  })

  it('says all that is wrong with a sign-up, and lets nobody choose a role', async () => {
    await using desk = await Desk.open()
    const json = { organisation: 'A', name: '', email: 'ada', password: 'short', role: 'admin' }

    const { status, body } = await answer(desk.app.request('/api/auth/sign-up', { json }))

    expect(status).toBe(400)
    expect(body.errors.map(({ pointer }: { pointer: string }) => pointer).toSorted()).toEqual([
      '/email',
      '/name',
      '/organisation',
      '/password',
      '/role',
    ])
  })

  it('lets an admin add members, who can log in', async () => {
    await using desk = await Desk.open()
    const { admin, agent } = await desk.team('acme')
    const json = { email: 'new@acme.example', name: 'New', password: PASSWORD, role: 'agent' }

    expect((await agent.app.request('/api/users', { json })).status).toBe(403)
    const added = await answer(admin.app.request('/api/users', { json }))
    const login = await answer(desk.app.request('/api/auth/login', { json: { email: json.email, password: PASSWORD } }))

    expect(added).toMatchObject({ status: 201, body: { role: 'agent', organisationId: admin.organisationId } })
    expect(login).toMatchObject({ status: 200, body: { user: added.body } })
    expect(JSON.stringify([added.body, login.body])).not.toContain('argon2')
  })

  it('shows an admin the members of the own organisation and of no other', async () => {
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
})

describe('Passwords', () => {
  const passwords = new Passwords()

  it('knows a password again and no other', async () => {
    const stored = await passwords.hash(PASSWORD)

    expect(stored).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[\w+/]{22}\$[\w+/]{43}$/)
    expect(await passwords.verify(PASSWORD, stored)).toBe(true)
    expect(await passwords.verify(`${PASSWORD}!`, stored)).toBe(false)
  })

  it('salts each hash', async () => {
    expect(await passwords.hash(PASSWORD)).not.toBe(await passwords.hash(PASSWORD))
  })

  it('verifies against the parameters a hash was made with', async () => {
    const stored = '$argon2id$v=19$m=256,t=1,p=1$c2FsdHNhbHRzYWx0c2FsdA$RvucQgUHrM1LNEy/GCaMQw'

    expect(await passwords.verify('password', stored)).toBe(true)
    expect(await passwords.verify('Password', stored)).toBe(false)
  })

  it('fits no password where there is no hash', async () => {
    expect(await passwords.verify(PASSWORD, undefined)).toBe(false)
    expect(await passwords.verify('none', 'none')).toBe(false)
  })
})
