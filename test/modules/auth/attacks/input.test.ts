import { AccountStore } from 'tenon/auth'

import { accountsApp, EMAIL, OTHER_PASSWORD, PASSWORD, type AccountsApp } from '../accounts/accounts-app.ts'

function signUp(desk: AccountsApp, json: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return desk.browser().call('/auth/sign-up', { json, headers })
}

describe('A body with more than is asked for', () => {
  it('does not make an account with roles, a tenant or a confirmed address', async () => {
    await using desk = await accountsApp()
    const more = {
      roles: ['admin'],
      role: 'admin',
      tenant: 'acme',
      verifiedAt: 1,
      id: 'x',
      passwordHash: 'x',
      disabledAt: 1,
      profile: { roles: ['admin'] },
      isAdmin: true,
    }

    for (const [name, value] of Object.entries(more)) {
      const refused = await signUp(desk, { email: EMAIL, password: PASSWORD, [name]: value })
      expect(await refused.json()).toMatchObject({ status: 400, errors: [{ pointer: `/${name}` }] })
    }
    await desk.member()
    expect(await desk.app.get(AccountStore).findByEmail(EMAIL)).toMatchObject({ roles: ['user'], tenant: null })
  })

  it('does not reach an account through a new password or address', async () => {
    await using desk = await accountsApp()
    await desk.member()
    const browser = await desk.loggedIn()
    await browser.call('/auth/password/forgot', { json: { email: EMAIL } })
    const code = await desk.codeFor(EMAIL)

    expect(
      (await browser.call('/auth/password/reset', { json: { code, password: OTHER_PASSWORD, roles: ['admin'] } }))
        .status,
    ).toBe(400)
    expect(
      (await browser.call('/auth/email', { json: { password: PASSWORD, newEmail: 'b@example.org', id: 'x' } })).status,
    ).toBe(400)
    expect((await browser.call('/auth/password/reset', { json: { code, password: OTHER_PASSWORD } })).status).toBe(204)
  })

  it('does not poison prototypes', async () => {
    await using desk = await accountsApp()
    const body = `{"email":"${EMAIL}","password":"${PASSWORD}","__proto__":{"roles":["admin"]}}`
    const send = (text: string) =>
      desk.app.request('/auth/sign-up', { method: 'POST', body: text, headers: { 'content-type': 'application/json' } })

    expect((await send(body)).status).toBe(400)
    expect((await send(body.replace(/,"__proto__.*$/, '}'))).status).toBe(202)
    expect(({} as { roles?: unknown }).roles).toBeUndefined()
  })

  it('does not smuggle an operator or a list where a text is expected', async () => {
    await using desk = await accountsApp()
    await desk.member()
    const odd = [{ $ne: null }, { like: '%' }, [EMAIL], [EMAIL, EMAIL], true, 7, null]

    for (const email of odd) {
      expect((await desk.browser().call('/auth/token', { json: { email, password: PASSWORD } })).status).toBe(400)
    }
    for (const password of [{ $gt: '' }, [PASSWORD], true, null]) {
      expect((await desk.browser().call('/auth/token', { json: { email: EMAIL, password } })).status).toBe(400)
    }
    expect((await desk.browser().call('/auth/token', { json: { email: EMAIL, password: PASSWORD } })).status).toBe(200)
  })
})

describe('A link in a mail', () => {
  it('does not lead where the Host header says', async () => {
    await using desk = await accountsApp({ env: { PUBLIC_URL: 'https://desk.example.org/app/' } })
    const { hostname, port } = new URL(await desk.app.url())
    const { request } = await import('node:http')
    const { promise, resolve, reject } = Promise.withResolvers<number | undefined>()
    const call = request(
      {
        hostname,
        port,
        path: '/auth/sign-up',
        method: 'POST',
        headers: {
          host: 'evil.example',
          'x-forwarded-host': 'evil.example',
          'x-forwarded-proto': 'http',
          'content-type': 'application/json',
          forwarded: 'host=evil.example',
        },
      },
      (response) => {
        response.resume()
        resolve(response.statusCode)
      },
    )
    call.on('error', reject)
    call.end(JSON.stringify({ email: EMAIL, password: PASSWORD }))

    expect(await promise).toBe(202)
    const code = await desk.codeFor(EMAIL)
    expect(desk.outbox.lastTo(EMAIL)?.text).toContain(`https://desk.example.org/app/verify#code=${code}`)
    expect(desk.outbox.lastTo(EMAIL)?.text).not.toContain('evil')
  })

  it('does not lead where the caller asks for', async () => {
    await using desk = await accountsApp()
    await desk.member()

    for (const name of ['redirect', 'returnUrl', 'next', 'link', 'callback']) {
      const json = { email: EMAIL, [name]: 'https://evil.example' }
      expect((await desk.browser().call('/auth/password/forgot', { json })).status).toBe(400)
      const asked = await desk
        .browser()
        .call(`/auth/password/forgot?${name}=https://evil.example`, { json: { email: EMAIL } })
      expect(asked.status).toBe(202)
    }
    await desk.mailsSent()
    expect(JSON.stringify(desk.outbox.mails)).not.toContain('evil')
  })

  it('carries its code behind the #, where no server and no Referer sees it', async () => {
    await using desk = await accountsApp()
    await signUp(desk, { email: EMAIL, password: PASSWORD })
    await desk.codeFor(EMAIL)

    const link = new URL(/https?:\S+/.exec(desk.outbox.lastTo(EMAIL)!.text)![0])

    expect(link.search).toBe('')
    expect(link.hash).toMatch(/^#code=[\w-]{43}$/)
  })
})

describe('An e-mail address', () => {
  it("with letters that look alike is not somebody else's", async () => {
    await using desk = await accountsApp()
    await desk.member('kim@example.org')
    // The sign of kelvin becomes a k in lower case; the dotless i an I in upper case; the rest is full width.
    for (const email of [
      '\u212Aim@example.org',
      'k\u0131m@example.org',
      '\uFF4Bim@example.org',
      'k\u0456m@example.org',
    ]) {
      expect((await desk.browser().call('/auth/password/forgot', { json: { email } })).status).toBe(400)
      expect((await desk.browser().call('/auth/token', { json: { email, password: PASSWORD } })).status).toBe(400)
    }
    expect(
      (await desk.browser().call('/auth/token', { json: { email: 'KIM@example.org', password: PASSWORD } })).status,
    ).toBe(200)
  })

  it('with another way of writing its domain gets mail at the address that is kept', async () => {
    await using desk = await accountsApp()
    await desk.member('ada@b\u00FCcher.example')

    await desk.browser().call('/auth/password/forgot', { json: { email: 'ada@B\u00DCCHER.example' } })
    await desk.mailsSent()

    expect(desk.outbox.mails.at(-1)?.to).toBe('ada@xn--bcher-kva.example')
    expect(desk.outbox.mails.at(-1)?.subject).toBe('Your new password')
  })

  it('in another case is no second account', async () => {
    await using desk = await accountsApp()
    await desk.member()

    await signUp(desk, { email: ' ADA@Example.ORG ', password: OTHER_PASSWORD })
    await desk.mailsSent()

    expect(desk.outbox.lastTo(EMAIL)?.subject).toBe('You have an account already')
  })

  it('is no pattern: signs of LIKE match nothing but themselves', async () => {
    await using desk = await accountsApp()
    await desk.member('a_b@example.org')
    await desk.member('axb@example.org', OTHER_PASSWORD)
    const login = (email: string, password: string) => desk.browser().call('/auth/token', { json: { email, password } })

    expect((await login('a%@example.org', PASSWORD)).status).toBe(401)
    expect((await login('a_b@example.org', OTHER_PASSWORD)).status).toBe(401)
    expect((await login('a_b@example.org', PASSWORD)).status).toBe(200)
    expect((await login('axb@example.org', OTHER_PASSWORD)).status).toBe(200)
  })

  it('is no SQL', async () => {
    await using desk = await accountsApp()
    await desk.member()
    const hostile = ["'or'1'='1@example.org", "o'brien@example.org", "x'--@example.org"]

    for (const email of hostile) {
      expect([400, 401]).toContain(
        (await desk.browser().call('/auth/token', { json: { email, password: PASSWORD } })).status,
      )
    }
    await desk.member("o'brien@example.org")
    expect(
      (await desk.browser().call('/auth/token', { json: { email: "o'brien@example.org", password: PASSWORD } })).status,
    ).toBe(200)
  })

  it('adds no header and no receiver to a mail', async () => {
    await using desk = await accountsApp()
    const hostile = [
      `${EMAIL}\r\nBcc: eve@evil.example`,
      `${EMAIL},eve@evil.example`,
      `${EMAIL};eve@evil.example`,
      `"${EMAIL}" <eve@evil.example>`,
      `${EMAIL}\u0000`,
      `${EMAIL}%0d%0aBcc:eve@evil.example`,
    ]

    for (const email of hostile) expect((await signUp(desk, { email, password: PASSWORD })).status).toBe(400)
    await desk.mailsSent()
    expect(desk.outbox.mails).toEqual([])
    expect((await signUp(desk, { email: EMAIL, password: PASSWORD })).status).toBe(202)
  })

  it('of a thousand letters is refused before anything is asked', async () => {
    await using desk = await accountsApp()

    expect((await signUp(desk, { email: `${'a'.repeat(1000)}@example.org`, password: PASSWORD })).status).toBe(400)
    expect(desk.hasher.runs).toBe(0)
    expect((await signUp(desk, { email: EMAIL, password: PASSWORD })).status).toBe(202)
  })
})

describe('A password', () => {
  it('of a hundred thousand letters costs no run of argon2', async () => {
    await using desk = await accountsApp()
    await desk.member()
    const runs = desk.hasher.runs
    const long = 'x'.repeat(100_000)

    expect((await desk.browser().call('/auth/token', { json: { email: EMAIL, password: long } })).status).toBe(400)
    expect((await signUp(desk, { email: 'b@example.org', password: long })).status).toBe(400)
    expect(desk.hasher.runs).toBe(runs)
    expect((await desk.browser().call('/auth/token', { json: { email: EMAIL, password: PASSWORD } })).status).toBe(200)
  })

  it('that is longer than allowed is refused when chosen, and not cut off', async () => {
    await using desk = await accountsApp()
    const longest = `${PASSWORD}${'-word9'.repeat(20)}`.slice(0, 128)

    expect((await signUp(desk, { email: EMAIL, password: `${longest}X` })).status).toBe(400)
    await desk.member(EMAIL, longest)
    expect((await desk.browser().logIn(EMAIL, longest.slice(0, 127))).status).toBe(401)
    expect((await desk.browser().logIn(EMAIL, longest)).status).toBe(200)
  })

  it('that everybody tries is not taken', async () => {
    await using desk = await accountsApp()
    const weak = [
      'short',
      'password1234',
      'P@ssw0rd2024!',
      'qwertyuiop123',
      'aaaaaaaaaaaa',
      '123456789012',
      'ada@example.org',
      'AdaExample.org',
      'iloveyou-iloveyou',
      'letmein!letmein!',
    ]

    for (const password of weak) {
      expect(await (await signUp(desk, { email: EMAIL, password })).json()).toMatchObject({
        status: 400,
        code: 'AUTH_PASSWORD_WEAK',
      })
    }
    expect((await signUp(desk, { email: EMAIL, password: PASSWORD })).status).toBe(202)
  })

  it('with a zero byte is not cut off there', async () => {
    await using desk = await accountsApp()
    const withZero = 'violet\u0000Trumpet-at-noon-5'
    await desk.member(EMAIL, withZero)

    expect((await desk.browser().logIn(EMAIL, 'violet')).status).toBe(401)
    expect((await desk.browser().logIn(EMAIL, 'violet\u0000other')).status).toBe(401)
    expect((await desk.browser().logIn(EMAIL, withZero)).status).toBe(200)
  })
})
