/** The whole way in a real browser: two applications of ours, one of which logs people in with the other. */
import { existsSync } from 'node:fs'

import puppeteer, { type Browser, type Page } from 'puppeteer-core'

import { PASSWORD } from './desk.ts'
import { openStreet } from './street.ts'

const CHROMIUM = '/usr/bin/chromium'
const describeInBrowser = existsSync(CHROMIUM) || process.env['CI'] === 'true' ? describe : describe.skip

async function press(page: Page, selector: string): Promise<void> {
  await Promise.all([page.waitForNavigation({ waitUntil: 'networkidle0' }), page.click(selector)])
}

const textOf = (page: Page): Promise<string> => page.evaluate('document.body.innerText') as Promise<string>

describeInBrowser('In Chromium', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await puppeteer.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] })
  }, 30_000)
  afterAll(() => browser.close())

  it('logs in at the identity provider, agrees, comes back, and logs out at both', async () => {
    await using street = await openStreet()
    const { desk, house } = street
    await house.member()
    const context = await browser.createBrowserContext()
    const page = await context.newPage()
    const complaints: string[] = []
    page.on('console', (message) => {
      if (/security policy/i.test(message.text())) complaints.push(message.text())
    })

    await page.goto(`${desk.url}/auth/oidc/home/login?returnTo=/me`)
    expect(await textOf(page)).toContain('to continue to The Desk')
    await page.type('#email', 'ada@example.org')
    await page.type('#password', 'wrong')
    await press(page, 'button')
    expect(await textOf(page)).toContain('The e-mail address or the password is wrong.')
    await page.type('#password', PASSWORD)
    await press(page, 'button')
    expect(await textOf(page)).toContain('The Desk would like to know and do')
    await press(page, 'button')
    expect(page.url()).toBe(`${desk.url}/me`)
    expect(JSON.parse(await textOf(page))).toMatchObject({ kind: 'user', authentication: { scheme: 'session' } })
    expect(await page.evaluate('document.cookie')).toBe('')
    expect(complaints).toEqual([])

    const location = (await page.evaluate(`(async () => {
      const { csrfToken } = await (await fetch('/auth/csrf')).json()
      const answer = await fetch('/auth/oidc/logout', { method: 'POST', headers: { 'x-csrf-token': csrfToken } })
      return (await answer.json()).location
    })()`)) as string
    expect(location.startsWith(house.issuer)).toBe(true)
    await page.goto(location)
    expect(await textOf(page)).toContain('The Desk asks to log you out.')
    await press(page, 'button[name=logout]')
    expect(new URL(page.url()).origin).toBe(desk.url)
    await page.goto(`${desk.url}/me`)
    expect(await textOf(page)).toContain('AUTH_REQUIRED')
    await page.goto(`${house.url}/me`)
    expect(await textOf(page)).toContain('AUTH_')
    await page.goto(`${desk.url}/auth/oidc/home/login`)
    expect(await textOf(page)).toContain('to continue to The Desk')
    await context.close()
  }, 60_000)
})
