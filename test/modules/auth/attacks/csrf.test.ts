import { accountsApp, EMAIL, OTHER_PASSWORD, PASSWORD } from '../accounts/accounts-app.ts'

const EVIL = 'https://evil.example'
const POST = { method: 'POST' }

describe('A page of another site', () => {
  it('cannot act with the session of its visitor', async () => {
    await using desk = await accountsApp()
    await desk.member()
    const browser = await desk.loggedIn()

    const refused = await browser.callFrom(EVIL, '/notes', POST)

    expect(await refused.json()).toMatchObject({ status: 403, code: 'AUTH_CSRF_ORIGIN' })
    expect((await browser.call('/notes', POST)).status).toBe(201)
  })

  it("cannot act even with the visitor's token", async () => {
    await using desk = await accountsApp()
    await desk.member()
    const browser = await desk.loggedIn()
    const headers = { 'x-csrf-token': browser.csrfToken! }

    expect((await browser.callFrom(EVIL, '/notes', { ...POST, headers })).status).toBe(403)
    expect((await browser.call('/notes', { ...POST, headers })).status).toBe(201)
  })

  it('cannot act as a neighbour below the same domain', async () => {
    await using desk = await accountsApp()
    await desk.member()
    const browser = await desk.loggedIn()

    const refused = await browser.call('/notes', { ...POST, headers: { 'sec-fetch-site': 'same-site' } })

    expect(refused.status).toBe(403)
    expect((await browser.call('/notes', POST)).status).toBe(201)
  })

  it('cannot hide behind the origin "null" in a browser without Sec-Fetch-Site', async () => {
    await using desk = await accountsApp()
    await desk.member()
    const browser = await desk.loggedIn()
    const plain = { cookie: browser.cookieHeader, 'x-csrf-token': browser.csrfToken! }
    const send = (headers: Record<string, string>) =>
      desk.app.request('/notes', { ...POST, headers: { ...plain, ...headers } })

    expect((await send({ origin: 'null' })).status).toBe(403)
    expect((await send({ origin: EVIL })).status).toBe(403)
    expect((await send({ origin: await desk.app.url() })).status).toBe(201)
  })

  it('cannot send the form as plain text, as a form or as JSON', async () => {
    await using desk = await accountsApp()
    await desk.member()
    const browser = await desk.loggedIn()

    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/json']) {
      const headers = { 'content-type': type }
      expect((await browser.callFrom(EVIL, '/notes', { ...POST, headers })).status).toBe(403)
    }
    expect((await browser.call('/notes', POST)).status).toBe(201)
  })

  it('cannot bring Basic credentials in the address to get around the check', async () => {
    await using desk = await accountsApp()
    await desk.member()
    const browser = await desk.loggedIn()
    const headers = { authorization: `Basic ${Buffer.from('a:b').toString('base64')}` }

    expect((await browser.callFrom(EVIL, '/notes', { ...POST, headers })).status).toBe(403)
    expect((await browser.call('/notes', { ...POST, headers })).status).toBe(201)
  })

  it('gains nothing by a bearer header, which makes the cookie count no more', async () => {
    await using desk = await accountsApp()
    await desk.member()
    const browser = await desk.loggedIn()

    expect((await browser.callFrom(EVIL, '/notes', { ...POST, headers: { authorization: 'Bearer x' } })).status).toBe(
      401,
    )
    expect((await browser.callFrom(EVIL, '/notes', { ...POST, headers: { 'x-api-key': 'x' } })).status).toBe(401)
    expect((await browser.call('/notes', POST)).status).toBe(201)
  })

  it('cannot log its visitor out', async () => {
    await using desk = await accountsApp()
    await desk.member()
    const browser = await desk.loggedIn()

    expect((await browser.callFrom(EVIL, '/auth/logout', POST)).status).toBe(403)
    expect((await browser.call('/notes')).status).toBe(200)
    expect((await browser.call('/auth/logout', POST)).status).toBe(204)
  })

  it("cannot take its visitor's cookie away by a form, which the browser sends without it", async () => {
    await using desk = await accountsApp()
    await desk.member()
    const browser = await desk.loggedIn()
    const cookies = new Map(browser.cookies)
    browser.cookies.clear()

    const answered = await browser.callFrom(EVIL, '/auth/logout', POST)

    expect([answered.status, answered.headers.getSetCookie()]).toEqual([204, []])
    for (const [name, cookie] of cookies) browser.cookies.set(name, cookie)
    const logout = await browser.call('/auth/logout', POST)
    expect(logout.headers.getSetCookie()).toEqual([expect.stringMatching(/^session=; Max-Age=0/)])
  })

  it('cannot log its visitor in with an account of its own', async () => {
    await using desk = await accountsApp()
    await desk.member('eve@example.org', OTHER_PASSWORD)
    const victim = desk.browser()

    const refused = await victim.callFrom(EVIL, '/auth/login', {
      json: { email: 'eve@example.org', password: OTHER_PASSWORD },
    })

    expect(await refused.json()).toMatchObject({ status: 403, code: 'AUTH_CSRF_ORIGIN' })
    expect(victim.cookies.has('session')).toBe(false)
    expect((await victim.logIn('eve@example.org', OTHER_PASSWORD)).status).toBe(200)
  })

  it('cannot end the sessions of its visitor by DELETE', async () => {
    await using desk = await accountsApp()
    await desk.member()
    const browser = await desk.loggedIn()

    expect((await browser.callFrom(EVIL, '/auth/sessions', { method: 'DELETE' })).status).toBe(403)
    expect((await browser.call('/notes')).status).toBe(200)
    expect((await browser.call('/auth/sessions', { method: 'DELETE' })).status).toBe(204)
  })

  it('is told to whoever watches', async () => {
    await using desk = await accountsApp()
    await desk.member()
    const browser = await desk.loggedIn()

    await browser.callFrom(EVIL, '/notes', POST)

    expect(desk.events).toContainEqual(
      expect.objectContaining({
        type: 'csrf.refused',
        outcome: 'refused',
        subject: 'NotesController.write',
        reason: 'AUTH_CSRF_ORIGIN',
      }),
    )
  })
})

describe('A call with a cookie and without its token', () => {
  it('is refused', async () => {
    await using desk = await accountsApp()
    await desk.member()
    const browser = await desk.loggedIn()
    const token = browser.csrfToken
    browser.csrfToken = undefined

    expect(await (await browser.call('/notes', POST)).json()).toMatchObject({ status: 403, code: 'AUTH_CSRF_TOKEN' })

    browser.csrfToken = token
    expect((await browser.call('/notes', POST)).status).toBe(201)
  })

  it('is refused where no browser says where it comes from', async () => {
    await using desk = await accountsApp()
    await desk.member()
    const browser = await desk.loggedIn()
    const send = (headers: Record<string, string>) =>
      desk.app.request('/notes', { ...POST, headers: { cookie: browser.cookieHeader, ...headers } })

    expect((await send({})).status).toBe(403)
    expect((await send({ 'x-csrf-token': browser.csrfToken! })).status).toBe(201)
  })

  it('is refused for a token of another session', async () => {
    await using desk = await accountsApp()
    await desk.member()
    await desk.member('eve@example.org', OTHER_PASSWORD)
    const ada = await desk.loggedIn()
    const eve = await desk.loggedIn('eve@example.org', OTHER_PASSWORD)
    const headers = { 'x-csrf-token': eve.csrfToken! }

    expect((await ada.call('/notes', { ...POST, headers })).status).toBe(403)

    // Not even when the attacker could also set the cookie that belongs to the token.
    const own = ada.cookies.get('session-csrf')!
    ada.cookies.set('session-csrf', eve.cookies.get('session-csrf')!)
    expect((await ada.call('/notes', { ...POST, headers })).status).toBe(403)
    ada.cookies.set('session-csrf', own)
    expect((await ada.call('/notes', POST)).status).toBe(201)
  })

  it('is refused for the token from before the login', async () => {
    await using desk = await accountsApp()
    await desk.member()
    const browser = desk.browser()
    await browser.call('/auth/csrf')
    const before = { token: browser.csrfToken!, cookie: browser.cookies.get('session-csrf')! }
    expect((await browser.call('/auth/login', { json: { email: EMAIL, password: PASSWORD } })).status).toBe(200)

    const after = browser.cookies.get('session-csrf')!
    browser.cookies.set('session-csrf', before.cookie)
    expect((await browser.call('/notes', { ...POST, headers: { 'x-csrf-token': before.token } })).status).toBe(403)
    browser.cookies.set('session-csrf', after)
    expect((await browser.call('/notes', POST)).status).toBe(201)
  })

  it('is refused for a token that was altered', async () => {
    await using desk = await accountsApp()
    await desk.member()
    const browser = await desk.loggedIn()
    const forged = browser.csrfToken!.replace(/^./, (digit) => (digit === '0' ? '1' : '0'))
    const own = browser.cookies.get('session-csrf')!
    browser.cookies.set('session-csrf', { ...own, value: forged })

    expect((await browser.call('/notes', { ...POST, headers: { 'x-csrf-token': forged } })).status).toBe(403)
    browser.cookies.set('session-csrf', own)
    expect((await browser.call('/notes', POST)).status).toBe(201)
  })

  it('is not refused because another tab has asked for the token again', async () => {
    await using desk = await accountsApp()
    await desk.member()
    const browser = await desk.loggedIn()
    const token = browser.csrfToken!
    await browser.call('/auth/csrf')
    await browser.callFrom(EVIL, '/auth/csrf')

    expect((await browser.call('/notes', { ...POST, headers: { 'x-csrf-token': token } })).status).toBe(201)
  })

  it('is refused for the login itself', async () => {
    await using desk = await accountsApp()
    await desk.member()
    const browser = desk.browser()

    const refused = await browser.call('/auth/login', { json: { email: EMAIL, password: PASSWORD } })

    expect(await refused.json()).toMatchObject({ status: 403, code: 'AUTH_CSRF_TOKEN' })
    expect((await browser.logIn(EMAIL, PASSWORD)).status).toBe(200)
  })

  it('is refused on public endpoints as well', async () => {
    await using desk = await accountsApp()
    await desk.member()
    const browser = await desk.loggedIn()

    expect((await browser.callFrom(EVIL, '/notes/open', POST)).status).toBe(403)
    expect((await browser.call('/notes/open', POST)).status).toBe(201)
    expect((await desk.browser().callFrom(EVIL, '/notes/open', POST)).status).toBe(201)
  })

  it('is answered where it only reads', async () => {
    await using desk = await accountsApp()
    await desk.member()
    const browser = await desk.loggedIn()

    expect((await browser.callFrom(EVIL, '/notes')).status).toBe(200)
    expect((await browser.callFrom(EVIL, '/notes', { method: 'HEAD' })).status).toBe(200)
  })

  it('is not made to read by a header that names another method', async () => {
    await using desk = await accountsApp()
    await desk.member()
    const browser = await desk.loggedIn()
    const headers = { 'x-http-method-override': 'GET', 'x-method-override': 'GET' }

    expect((await browser.callFrom(EVIL, '/notes', { ...POST, headers })).status).toBe(403)
    expect((await browser.callFrom(EVIL, '/notes', { headers: { 'x-http-method-override': 'POST' } })).status).toBe(200)
  })
})

describe('What needs no token', () => {
  it('is a call that brings an access token, from whatever page', async () => {
    await using desk = await accountsApp()
    await desk.member()
    const login = await desk.browser().callFrom(EVIL, '/auth/token', { json: { email: EMAIL, password: PASSWORD } })
    const { accessToken } = (await login.json()) as { accessToken: string }

    const written = await desk
      .browser()
      .callFrom(EVIL, '/notes', { ...POST, headers: { authorization: `Bearer ${accessToken}` } })

    expect(written.status).toBe(201)
    expect(login.headers.getSetCookie()).toEqual([])
  })

  it('is where the call comes from, for an origin that is trusted: its token it needs still', async () => {
    await using desk = await accountsApp({ env: { CSRF_TRUSTED_ORIGINS: 'https://app.example.org' } })
    await desk.member()
    const browser = await desk.loggedIn()
    const headers = { 'x-csrf-token': browser.csrfToken! }
    const from = (site: string, call: object) => browser.callFrom(site, '/notes', { ...POST, ...call })

    expect((await from('https://app.example.org', { headers })).status).toBe(201)
    expect((await from('https://app.example.org', {})).status).toBe(403)
    expect((await from('https://app.example.org.evil.example', { headers })).status).toBe(403)
  })
})
