/** The same attacks by a real browser, whose cookies, origins and `Sec-Fetch-Site` nobody has made up. */
import { existsSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

import puppeteer, { type Browser, type Page } from 'puppeteer-core'

import { accountsApp, EMAIL, OTHER_PASSWORD, PASSWORD, type AccountsApp } from '../accounts/accounts-app.ts'

const CHROMIUM = '/usr/bin/chromium'
const describeInBrowser = existsSync(CHROMIUM) || process.env['CI'] === 'true' ? describe : describe.skip

const EVE = { email: 'eve@example.org', password: OTHER_PASSWORD }

/** A page of another site, with what it wants to send. */
async function evilSite(html: string): Promise<{ readonly url: string } & AsyncDisposable> {
  const server = createServer((_request, response) => response.setHeader('content-type', 'text/html').end(html))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    // Another name than that of the application: another site.
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

async function siteOf(desk: AccountsApp): Promise<string> {
  return (await desk.app.url()).replace('127.0.0.1', 'localhost')
}

/** Calls from a page of the application, as its own scripts would. */
async function call(page: Page, path: string, method: string, json?: unknown, csrfToken?: string) {
  return page.evaluate(
    async (target: string, init: RequestInit) => {
      const response = await fetch(target, init)
      return { status: response.status, text: await response.text() }
    },
    path,
    {
      method,
      headers: {
        ...(json !== undefined && { 'content-type': 'application/json' }),
        ...(csrfToken !== undefined && { 'x-csrf-token': csrfToken }),
      },
      ...(json !== undefined && { body: JSON.stringify(json) }),
    },
  )
}

async function logIn(page: Page, desk: AccountsApp): Promise<string> {
  await page.goto(`${await siteOf(desk)}/auth/csrf`)
  const { csrfToken } = JSON.parse((await call(page, '/auth/csrf', 'GET')).text) as { csrfToken: string }
  const login = await call(page, '/auth/login', 'POST', { email: EMAIL, password: PASSWORD }, csrfToken)
  expect(login.status).toBe(200)
  return (JSON.parse(login.text) as { csrfToken: string }).csrfToken
}

describeInBrowser('In Chromium', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await puppeteer.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] })
  }, 30_000)
  afterAll(() => browser.close())

  it("the application's own page logs in, acts and logs out, and its script cannot read the cookie", async () => {
    await using desk = await accountsApp()
    await desk.member()
    const page = await browser.newPage()
    const token = await logIn(page, desk)

    expect((await call(page, '/notes', 'POST', undefined, token)).status).toBe(201)
    expect((await call(page, '/notes', 'POST')).status).toBe(403)
    expect(await page.evaluate('document.cookie')).toBe('')
    expect((await call(page, '/auth/logout', 'POST', undefined, token)).status).toBe(204)
    expect((await call(page, '/notes', 'GET')).status).toBe(401)
    await page.close()
  })

  it('a form of another site neither acts as its visitor nor logs its visitor in', async () => {
    await using desk = await accountsApp()
    await desk.member()
    await desk.member(EVE.email, EVE.password)
    const page = await browser.newPage()
    await logIn(page, desk)
    const site = await siteOf(desk)
    // As text it needs no preflight; the name of the field completes the JSON.
    const form = (path: string, json: string): string =>
      `<form id="f" action="${site}${path}" method="post" enctype="text/plain"><input name='${json}' value='"}'></form><script>f.submit()</script>`

    for (const [status, path, json] of [
      [401, '/notes', '{"x":"'],
      [403, '/auth/login', `{"email":"${EVE.email}","password":"${EVE.password}","x":"`],
      [204, '/auth/logout', '{"x":"'],
    ] as const) {
      await using evil = await evilSite(form(path, json))
      const answered = page.waitForResponse((response) => response.url() === `${site}${path}`)
      await page.goto(evil.url)
      expect([path, (await answered).status()]).toEqual([path, status])
    }

    expect(desk.events).toContainEqual(expect.objectContaining({ type: 'csrf.refused', reason: 'AUTH_CSRF_ORIGIN' }))
    await page.goto(`${site}/auth/csrf`)
    expect(JSON.parse((await call(page, '/auth/me', 'GET')).text)).toMatchObject({ email: EMAIL })
    await page.close()
  })

  it("a script of another site gets nothing with its visitor's cookies", async () => {
    await using desk = await accountsApp()
    await desk.member()
    const page = await browser.newPage()
    await logIn(page, desk)
    const site = await siteOf(desk)
    await using evil = await evilSite('<p>evil</p>')
    await page.goto(evil.url)

    const read = await page.evaluate(
      (target: string) => fetch(target, { credentials: 'include' }).then((response) => response.text(), String),
      `${site}/auth/csrf`,
    )
    const wrote = await page.evaluate(
      (target: string) =>
        fetch(target, { method: 'POST', credentials: 'include', mode: 'no-cors' }).then(({ type }) => type, String),
      `${site}/notes`,
    )

    expect(read).toContain('Failed to fetch')
    expect(wrote).toBe('opaque')
    expect(desk.app.logs.lines.filter(({ message }) => message.includes('201'))).toEqual([])
    await page.close()
  })
})
