import { existsSync } from 'node:fs'

import { launch, type Browser, type Page } from 'puppeteer-core'

import { Mailer, type MemoryOutbox, Postman } from 'tenon/auth'

import { totpCode } from './starter-kit/authenticator.ts'
import { answer, Desk } from './starter-kit/desk.ts'

const CHROMIUM = '/usr/bin/chromium'
const WAIT_MS = 30_000
const PASSWORD = 'purple-Stapler-reads-7-books'

/** In CI a missing browser is a failure. */
const inBrowser = existsSync(CHROMIUM) || process.env['CI'] ? describe : describe.skip

inBrowser('The page of the service desk (needs Chromium)', () => {
  it(
    'signs up, follows the link of the mail, logs in, sets up a second factor, opens a ticket, and shows what people write as text',
    async () => {
      await using desk = await Desk.open()
      const url = await desk.app.url()
      await using visit = await Visit.open()
      const { page } = visit

      await page.goto(url)
      await fill(page, 'Sign up', { organisation: 'Acme', name: 'Ada', email: 'ada@acme.example', password: PASSWORD })
      await shows(page, 'A mail with a link is on its way')
      await page.goto(`${url}/verify#code=${await codeFor(desk, 'ada@acme.example')}`)
      await shows(page, 'That worked')
      await fill(page, 'Log in', { email: 'ada@acme.example', password: PASSWORD })
      await shows(page, 'Admins decide about others')
      await press(page, 'Set it up')
      const secret = await page.waitForSelector('#secret')
      const text = (await secret?.evaluate(({ textContent }) => textContent)) ?? ''
      await fill(page, 'Confirm', { code: totpCode(text, Date.now()) })
      await press(page, 'I have kept them')
      await shows(page, 'Ada, admin at Acme')
      await fill(page, 'Open a ticket', { subject: '<img src=x onerror=alert(1)>', description: 'Is this text?' })
      await shows(page, '1: <img src=x onerror=alert(1)>')
      await page.reload()
      await shows(page, 'Tickets (1)')

      expect(await page.$$('main img')).toEqual([])
      // The desk has refused an admin without a second factor, once.
      expect(visit.complaints.filter((each) => !/status of 403/.test(each))).toEqual([])
      expect(visit.origins).toEqual(new Set([url]))
    },
    2 * WAIT_MS,
  )
})

describe('The files of the page', () => {
  it('are those of its folder, and may load nothing from elsewhere', async () => {
    await using desk = await Desk.open()
    const page = await desk.app.request('/')

    expect(page.headers.get('content-type')).toContain('text/html')
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(page.headers.get('content-security-policy')).not.toContain('unsafe')
    expect((await desk.app.request('/web/page.js')).headers.get('content-type')).toContain('javascript')
    for (const path of ['/web/none.js', '/web/..%2Fmain.ts', '/web/..%2f..%2f..%2fpackage.json']) {
      expect(await answer(desk.app.request(path))).toMatchObject({ status: 404 })
    }
  })
})

/** A page in a browser of its own, with all it complained about and whoever it asked for anything. */
class Visit implements AsyncDisposable {
  readonly complaints: string[] = []
  readonly origins = new Set<string>()
  readonly page: Page
  readonly #browser: Browser

  constructor(browser: Browser, page: Page) {
    this.#browser = browser
    this.page = page
    page.setDefaultTimeout(WAIT_MS)
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warn') this.complaints.push(message.text())
    })
    page.on('pageerror', (error) => this.complaints.push(String(error)))
    page.on('dialog', (dialog) => {
      this.complaints.push(dialog.message())
      void dialog.dismiss()
    })
    page.on('request', (request) => {
      const { protocol, origin } = new URL(request.url())
      if (protocol !== 'data:') this.origins.add(origin)
    })
  }

  static async open(): Promise<Visit> {
    const browser = await launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] })
    return new Visit(browser, await browser.newPage())
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#browser.close()
  }
}

/** Types into the form with this button, and presses it. */
async function fill(page: Page, submit: string, fields: Readonly<Record<string, string>>): Promise<void> {
  const form = await page.waitForSelector(`::-p-xpath(//form[button[text()="${submit}"]])`)
  for (const [name, value] of Object.entries(fields)) {
    const field = await form?.$(`[name=${name}]`)
    await field?.type(value)
  }
  const button = await form?.$('button')
  await button?.click()
}

async function press(page: Page, text: string): Promise<void> {
  const button = await page.waitForSelector(`::-p-xpath(//button[text()="${text}"])`)
  await button?.click()
}

async function shows(page: Page, text: string): Promise<void> {
  await page.waitForSelector(`::-p-text(${text})`)
}

async function codeFor({ app }: Desk, email: string): Promise<string> {
  await app.get(Postman).settled()
  const outbox = app.get(Mailer) as MemoryOutbox
  return /#code=([\w-]+)/.exec(outbox.lastTo(email)?.text ?? '')?.[1] ?? 'no code'
}
