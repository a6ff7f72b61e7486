import { AccountAdministration, Invitations, Mailer } from 'tenon/auth'

import { accountsApp, EMAIL, OTHER_PASSWORD, PASSWORD, type AccountsApp } from '../accounts/accounts-app.ts'

const NOBODY = 'nobody@example.org'

/** Everything of an answer but what is new with every call. */
async function shapeOf(response: Response): Promise<unknown> {
  const text = (await response.text()).replace(/"(?:traceId|instance|csrfToken)":"[^"]*"/g, '')
  const headers = [...response.headers.keys()].filter((name) => name !== 'set-cookie').sort()
  return { status: response.status, text, headers }
}

/** The statements that were sent meanwhile, without the values. */
async function statementsOf(desk: AccountsApp, work: () => Promise<unknown>): Promise<readonly string[]> {
  const before = desk.app.logs.lines.length
  await work()
  await desk.mailsSent()
  return desk.app.logs.lines
    .slice(before)
    .flatMap(({ message }) => (/^(SELECT|INSERT|UPDATE|DELETE) /.test(message) ? [message.replace(/\d+/g, 'n')] : []))
}

async function runsOf(desk: AccountsApp, work: () => Promise<unknown>): Promise<number> {
  const before = desk.hasher.runs
  await work()
  return desk.hasher.runs - before
}

describe('Who has an account does not show', () => {
  it('in the answer to a wrong login', async () => {
    await using desk = await accountsApp()
    await desk.member()

    const known = await shapeOf(await desk.browser().logIn(EMAIL, OTHER_PASSWORD))
    const unknown = await shapeOf(await desk.browser().logIn(NOBODY, OTHER_PASSWORD))

    expect(unknown).toEqual(known)
    expect(known).toMatchObject({ status: 401 })
    expect((await desk.browser().logIn(EMAIL, PASSWORD)).status).toBe(200)
  })

  it('in the work of a wrong login: one run of argon2 and the same statements', async () => {
    await using desk = await accountsApp({ env: { DATABASE_LOG: 'true' } })
    await desk.member()
    const byToken = (email: string) => () =>
      desk.browser().call('/auth/token', { json: { email, password: OTHER_PASSWORD } })

    expect(await runsOf(desk, byToken(EMAIL))).toBe(1)
    expect(await runsOf(desk, byToken(NOBODY))).toBe(1)
    const known = await statementsOf(desk, byToken(EMAIL))
    expect(await statementsOf(desk, byToken(NOBODY))).toEqual(known)
    expect(known.length).toBeGreaterThan(3)
  })

  it('in the answer to a login into an account that is disabled, or has no password yet', async () => {
    await using desk = await accountsApp()
    const id = await desk.member()
    const administration = desk.app.get(AccountAdministration)
    await administration.disable(id)
    await desk.app.get(Invitations).invite({ email: 'bob@example.org', roles: [] })

    const disabled = await shapeOf(await desk.browser().logIn(EMAIL, PASSWORD))
    const invited = await shapeOf(await desk.browser().logIn('bob@example.org', PASSWORD))
    const unknown = await shapeOf(await desk.browser().logIn(NOBODY, PASSWORD))

    expect([disabled, invited]).toEqual([unknown, unknown])
    await administration.enable(id)
    expect((await desk.browser().logIn(EMAIL, PASSWORD)).status).toBe(200)
  })

  it('in how many logins are free, and how long the wait is', async () => {
    await using desk = await accountsApp()
    await desk.member()
    const series = async (email: string): Promise<unknown[]> => {
      const answers: unknown[] = []
      for (let count = 0; count < 7; count += 1) {
        const response = await desk.browser().call('/auth/token', { json: { email, password: OTHER_PASSWORD } })
        answers.push([response.status, response.headers.get('retry-after')])
      }
      return answers
    }

    const known = await series(EMAIL)

    expect(await series(NOBODY)).toEqual(known)
    expect(known.slice(4)).toEqual([
      [401, null],
      [429, '1'],
      [429, '1'],
    ])
  })

  it('in the answer to a sign-up, and its mailbox alone learns the difference', async () => {
    await using desk = await accountsApp()
    await desk.member()
    const signUp = (email: string) =>
      desk.browser().call('/auth/sign-up', { json: { email, password: OTHER_PASSWORD } })

    const known = await shapeOf(await signUp(EMAIL))
    const unknown = await shapeOf(await signUp(NOBODY))
    await desk.mailsSent()

    expect(unknown).toEqual(known)
    expect(desk.outbox.lastTo(EMAIL)?.subject).toBe('You have an account already')
    expect(desk.outbox.lastTo(NOBODY)?.subject).toBe('Confirm your e-mail address')
    expect((await desk.browser().logIn(EMAIL, OTHER_PASSWORD)).status).toBe(401)
  })

  it('in the work of a sign-up: one run of argon2, the same statements, one mail', async () => {
    await using desk = await accountsApp({ env: { DATABASE_LOG: 'true' } })
    await desk.member()
    const signUp = (email: string) => () =>
      desk.browser().call('/auth/sign-up', { json: { email, password: OTHER_PASSWORD } })
    await signUp('someone@example.org')()
    // The first mail to a mailbox counts with another statement than the second.
    await signUp(EMAIL)()
    await signUp(NOBODY)()
    await desk.mailsSent()
    const mails = desk.outbox.mails.length

    expect(await runsOf(desk, signUp(EMAIL))).toBe(1)
    expect(await runsOf(desk, signUp(NOBODY))).toBe(1)
    await desk.mailsSent()
    expect(desk.outbox.mails.length).toBe(mails + 2)
    const known = await statementsOf(desk, signUp(EMAIL))
    expect(await statementsOf(desk, signUp(NOBODY))).toEqual(known)
    expect(known.length).toBeGreaterThan(3)
  })

  it('in an invitation: not in what is made, nor in the work; its mailbox alone learns the difference', async () => {
    await using desk = await accountsApp({ env: { DATABASE_LOG: 'true' } })
    await desk.member()
    const invitations = desk.app.get(Invitations)
    const invite = (email: string) => invitations.invite({ email, roles: ['agent'], tenant: 'acme' })
    // The first mail to a mailbox counts with another statement than the second.
    for (const email of [EMAIL, NOBODY]) await invite(email)
    await desk.mailsSent()

    const [known, unknown] = [await invite(EMAIL), await invite(NOBODY)]
    await desk.mailsSent()

    expect({ ...unknown, id: '', email: '' }).toEqual({ ...known, id: '', email: '' })
    expect(desk.outbox.lastTo(EMAIL)?.subject).toBe(desk.outbox.lastTo(NOBODY)?.subject)
    expect(desk.outbox.lastTo(EMAIL)?.text).toContain('log in with your account')
    expect(desk.outbox.lastTo(NOBODY)?.text).toContain('choose a password')
    const statements = await statementsOf(desk, () => invite(EMAIL))
    expect(await statementsOf(desk, () => invite(NOBODY))).toEqual(statements)
    expect(statements.length).toBeGreaterThan(4)
    const listed = (await invitations.list('acme')).map(({ email }) => email)
    expect(new Set(listed)).toEqual(new Set([EMAIL, NOBODY]))
  })

  it('in the answer to a forgotten password, which waits for no mail', async () => {
    const never = Promise.withResolvers<void>()
    let asked = 0
    await using desk = await accountsApp()
    await desk.member()
    const mailer = desk.app.get(Mailer)
    const send = mailer.send.bind(mailer)
    mailer.send = async (mail) => {
      asked += 1
      await never.promise
      return send(mail)
    }
    const forgot = (email: string) => desk.browser().call('/auth/password/forgot', { json: { email } })

    const known = await shapeOf(await forgot(EMAIL))
    const unknown = await shapeOf(await forgot(NOBODY))

    expect(unknown).toEqual(known)
    expect(known).toMatchObject({ status: 202, text: '' })
    never.resolve()
    await desk.mailsSent()
    expect(asked).toBe(1)
    expect(await desk.codeFor(EMAIL)).toMatch(/^[\w-]{43}$/)
  })

  it('in a mail to those who have none', async () => {
    await using desk = await accountsApp()

    await desk.browser().call('/auth/password/forgot', { json: { email: NOBODY } })
    await desk.mailsSent()

    expect(desk.outbox.lastTo(NOBODY)).toBeUndefined()
  })

  it('when somebody asks for an address that another one has', async () => {
    await using desk = await accountsApp()
    await desk.member()
    await desk.member('bob@example.org', OTHER_PASSWORD)
    const browser = await desk.loggedIn()
    const ask = (newEmail: string) => browser.call('/auth/email', { json: { password: PASSWORD, newEmail } })

    const taken = await shapeOf(await ask('bob@example.org'))
    const free = await shapeOf(await ask('free@example.org'))
    await desk.mailsSent()

    expect(taken).toEqual(free)
    expect(desk.outbox.lastTo('bob@example.org')?.subject).toBe('You have an account already')
    expect(desk.outbox.lastTo('free@example.org')?.subject).toBe('Confirm your new e-mail address')
  })

  it('in security events of failed logins, which do not repeat what was typed', async () => {
    await using desk = await accountsApp()
    const id = await desk.member()

    await desk.browser().logIn('my-secret-password@example.org', 'x')
    await desk.browser().logIn(EMAIL, 'x')

    const refused = desk.events.filter(({ type, outcome }) => type === 'accounts.login' && outcome === 'refused')
    expect(refused).toMatchObject([{ reason: 'no account' }, { subject: id, reason: 'password' }])
    expect(JSON.stringify(desk.events)).not.toContain('my-secret-password')
  })
})
