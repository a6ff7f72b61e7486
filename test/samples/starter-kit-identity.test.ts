/**
 * Who calls, seen through Chromium: the starter kit as its reader starts it, passkeys by the virtual authenticator of the
 * browser, and oidc-provider as the identity provider of a company.
 */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { launch, type Browser, type Page } from 'puppeteer-core'

import { addAuthenticator } from '../modules/mfa/virtual-authenticator.ts'
import { freePort } from '../modules/oidc/free-port.ts'
import { CLIENT, plainIdp, type PlainIdp } from '../modules/oidc/plain-idp.ts'
import { Program } from './program.ts'
import { totpCode } from './starter-kit/authenticator.ts'

const CHROMIUM = '/usr/bin/chromium'
const WAIT_MS = 30_000
const STEP_MS = 30_000
const PASSWORD = 'service-desk-demo'
const NEW_PASSWORD = 'purple-Stapler-reads-7-books'
const ADMIN = 'ada.marsh@northwind.example'
const AGENT = 'ben.okafor@northwind.example'

/** In CI a missing browser is a failure. */
const inBrowser = existsSync(CHROMIUM) || process.env['CI'] ? describe : describe.skip

inBrowser('People at the service desk, in Chromium', () => {
  let folder: string
  let desk: Program
  let idp: PlainIdp
  let browser: Browser
  let url: string
  let agentsPhone: Telephone

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'starter-kit-identity-'))
    const port = await freePort()
    url = `http://localhost:${port}`
    idp = await plainIdp([`${url}/api/auth/oidc/sso/callback`], [`${url}/`])
    desk = new Program('../../samples/starter-kit/main.js', {
      cwd: folder,
      env: {
        PORT: String(port),
        OIDC_ISSUER: idp.issuer,
        OIDC_CLIENT_ID: CLIENT.clientId,
        OIDC_CLIENT_SECRET: CLIENT.clientSecret,
        OIDC_TITLE: 'Northwind',
        OIDC_DOMAINS: 'northwind.example',
        OIDC_INTERNAL: 'true',
      },
    })
    browser = await launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] })
    await desk.prints(/An admin is ada\.marsh@northwind\.example/)
  }, 2 * WAIT_MS)

  afterAll(async () => {
    await browser?.close()
    await desk?.[Symbol.asyncDispose]()
    await idp?.[Symbol.asyncDispose]()
    rmSync(folder, { recursive: true, force: true })
  }, WAIT_MS)

  it('an admin sets up a passkey before anything else, logs in by it alone, and invites somebody', async () => {
    await using visit = await Visit.open(browser, url)

    await visit.fill('Log in', { email: ADMIN, password: PASSWORD })
    await visit.shows('Admins decide about others')
    expect(await visit.text()).not.toContain('Tickets')
    await visit.press('Add a passkey')
    await visit.shows('Recovery codes')
    expect(await visit.page.$$('.codes li')).toHaveLength(10)
    await visit.press('I have kept them')
    await visit.shows('Ada Marsh, admin at Northwind Logistics')

    await visit.press('Log out')
    await visit.press('Log in with a passkey')
    await visit.shows('Ada Marsh, admin at Northwind Logistics')
    await visit.press('Members')
    await visit.fill('Invite', { name: 'Nora', email: 'nora@elsewhere.example' })
    await visit.shows('Take back')
    expect(visit.unexpected).toEqual([])
    expect(visit.origins).toEqual(new Set([url]))

    await using guest = await Visit.open(browser, await linkTo('nora@elsewhere.example'))
    await guest.shows('To northwind-logistics, as customer, with nora@elsewhere.example.')
    await guest.fill('Join', { password: NEW_PASSWORD })
    await guest.shows('Nora, customer at Northwind Logistics')
  })

  it('an agent logs in with the company, by the whole code flow, and is logged out there as well', async () => {
    idp.person = { sub: 'ben', email: AGENT, email_verified: true, name: 'Ben' }
    await using visit = await Visit.open(browser, url)

    await visit.press('Log in with Northwind')
    await visit.shows('Ben Okafor, agent at Northwind Logistics')
    expect(visit.page.url()).toBe(`${url}/`)
    expect(await visit.page.evaluate('document.cookie')).toBe('')
    const [authorization] = idp.requests.filter((line) => line.startsWith('GET /auth?'))
    const asked = new URLSearchParams(authorization?.split('?')[1])
    expect(asked.get('code_challenge_method')).toBe('S256')
    expect([asked.get('state'), asked.get('nonce')]).toEqual([expect.any(String), expect.any(String)])
    expect(idp.requests).toContain('POST /token')
    expect(visit.origins).toEqual(new Set([url, idp.issuer]))
    expect(visit.unexpected).toEqual([])

    await Promise.all([visit.page.waitForNavigation(), visit.press('Log out')])
    expect(visit.page.url().startsWith(`${idp.issuer}/session/end`)).toBe(true)
    await visit.page.goto(url)
    await visit.shows('Found an organisation')
  })

  it('a stranger whom the company knows is told so, and gets no account', async () => {
    idp.person = { sub: 'eve', email: 'eve@northwind.example', email_verified: true }
    await using visit = await Visit.open(browser, url)

    await visit.press('Log in with Northwind')

    await visit.shows('Nobody here has this login.')
    expect(await visit.page.evaluate("fetch('/api/me').then(({ status }) => status)")).toBe(401)
  })

  it('what matters asks for a second factor: it is set up, proved, and later proved again in between', async () => {
    await using visit = await Visit.open(browser, url)
    await visit.fill('Log in', { email: AGENT, password: PASSWORD })
    await visit.shows('Ben Okafor')
    await visit.press('API keys')
    await visit.fill('Make it', { name: 'robot' })
    await visit.shows('set one up here, then try again')

    await visit.press('Set it up')
    await visit.page.waitForSelector('img[src^="data:image/png"]')
    agentsPhone = new Telephone((await visit.page.$eval('#secret', ({ textContent }) => textContent)) ?? '')
    await visit.fill('Confirm', { code: agentsPhone.code() })
    await visit.press('I have kept them')
    await visit.press('Add a passkey')
    await visit.shows('not used yet')
    await visit.press('API keys')
    await visit.fill('Make it', { name: 'robot' })
    await visit.shows('It is shown once: ')

    // A browser that is remembered is not asked at the login: what matters asks all the same.
    await visit.press('Log out')
    await visit.fill('Log in', { email: AGENT, password: PASSWORD })
    await visit.shows('One more step')
    await visit.press('Do not ask this browser again', 'label')
    await visit.fill('Continue', { code: agentsPhone.code() })
    await visit.shows('Ben Okafor')
    await visit.press('Log out')
    await visit.fill('Log in', { email: AGENT, password: PASSWORD })
    await visit.shows('Ben Okafor')
    await visit.press('API keys')
    await visit.shows('robot')
    await visit.fill('Make it', { name: 'another robot' })
    await visit.shows('Is it you?')
    await visit.press('Use a passkey')
    await visit.shows('It is shown once: ')
    await visit.shows('another robot')
    expect(visit.unexpected).toEqual([])
  })

  it('the company is no way around it: the login is complete with the second factor, and not before', async () => {
    idp.person = { sub: 'ben', email: AGENT, email_verified: true }
    await using visit = await Visit.open(browser, url)

    await visit.press('Log in with Northwind')
    await visit.shows('One more step')
    expect(visit.page.url()).toBe(`${url}/`)
    expect(await visit.page.evaluate("fetch('/api/me').then(({ status }) => status)")).toBe(401)
    await visit.fill('Continue', { code: '000000' })
    await visit.shows('The code is wrong')
    await visit.fill('Continue', { code: agentsPhone.code() })

    await visit.shows('Ben Okafor, agent at Northwind Logistics')
  })

  /** The link of the mail to somebody, once it lies in the outbox. */
  async function linkTo(email: string): Promise<string> {
    const outbox = join(folder, 'data', 'outbox')
    const deadline = Date.now() + WAIT_MS
    while (Date.now() < deadline) {
      const mails = existsSync(outbox)
        ? readdirSync(outbox).map((name) => readFileSync(join(outbox, name), 'utf8'))
        : []
      const link = /http:\/\/\S+#code=[\w-]+/.exec(mails.find((mail) => mail.includes(email)) ?? '')?.[0]
      if (link) return link
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    throw new Error(`There is no mail to ${email}.`)
  }
})

/** Each code counts once, so the next one is of a later step: at most one that is still to come. */
class Telephone {
  readonly #secret: string
  #used = 0

  constructor(secret: string) {
    this.#secret = secret
  }

  code(): string {
    const now = Math.floor(Date.now() / STEP_MS)
    this.#used = Math.max(now - 1, this.#used + 1)
    return totpCode(this.#secret, this.#used * STEP_MS)
  }
}

/** A page in a browser of its own, with an authenticator that says yes. */
class Visit implements AsyncDisposable {
  readonly page: Page
  readonly complaints: string[] = []
  readonly origins = new Set<string>()

  private constructor(page: Page) {
    this.page = page
    page.setDefaultTimeout(WAIT_MS)
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warn') this.complaints.push(message.text())
    })
    page.on('pageerror', (error) => this.complaints.push(String(error)))
    page.on('request', (request) => {
      const { protocol, origin } = new URL(request.url())
      if (protocol !== 'data:') this.origins.add(origin)
    })
  }

  static async open(browser: Browser, url: string): Promise<Visit> {
    const context = await browser.createBrowserContext()
    const page = await context.newPage()
    await addAuthenticator(page)
    const visit = new Visit(page)
    await page.goto(url)
    return visit
  }

  /** Types into the form with this button, and presses it. */
  async fill(submit: string, fields: Readonly<Record<string, string>>): Promise<void> {
    const form = await this.page.waitForSelector(`::-p-xpath(//form[button[text()="${submit}"]])`)
    for (const [name, value] of Object.entries(fields)) {
      const field = await form?.$(`[name=${name}]`)
      await field?.evaluate((element) => ((element as unknown as { value: string }).value = ''))
      await field?.type(value)
    }
    const button = await form?.$('button')
    await button?.click()
  }

  async press(text: string, tag = '*[self::button or self::a]'): Promise<void> {
    const button = await this.page.waitForSelector(`::-p-xpath(//${tag}[contains(., "${text}")])`)
    await button?.click()
  }

  async shows(text: string): Promise<void> {
    await this.page.waitForFunction(`document.body.innerText.includes(${JSON.stringify(text)})`)
  }

  /** Browsers also complain of what is refused on the way. */
  get unexpected(): readonly string[] {
    return this.complaints.filter((each) => !/status of 40[13]/.test(each))
  }

  text(): Promise<string> {
    return this.page.evaluate('document.body.innerText') as Promise<string>
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.page.browserContext().close()
  }
}
