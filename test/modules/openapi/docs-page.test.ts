import { existsSync, mkdtempSync } from 'node:fs'
import { readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'

import { launch, type Browser, type Page } from 'puppeteer-core'

import { Controller, EndpointVisibility, Get, Injectable, Module, type CallContext, type Endpoint } from 'tenon'
import { Doc, OpenApiModule } from 'tenon/openapi'
import { testApp, type TestApp } from 'tenon/testing'

import { AppModule } from '../../../samples/starter-kit/app-module.ts'

const CHROMIUM = '/usr/bin/chromium'
const IMAGES = join(import.meta.dirname, '../../../../docs/images')
const WAIT_MS = 30_000

/** In CI a missing browser is a failure. */
const inBrowser = existsSync(CHROMIUM) || process.env['CI'] ? describe : describe.skip

inBrowser('The documentation page (needs Chromium)', () => {
  it(
    'works offline under a strict policy, and calls the API with the token of its reader',
    async () => {
      await using app = await testApp(AppModule).env({ DESK_SEED: 'true' }).boot()
      const url = await app.url()
      const token = await logIn(app)
      await using browser = await Visit.open()
      const { page } = browser

      await page.goto(`${url}/docs#2/tag/tickets/GET/api/tickets`)
      const tokenField = await page.waitForSelector('input[placeholder="Token"]')
      // Pasted: each key would let Scalar write the whole page anew.
      await tokenField?.focus()
      await page.keyboard.sendCharacter(token)
      await press(page, 'get /api/tickets)')
      await page.waitForSelector('[role="dialog"]')
      const answered = page.waitForResponse((response) => response.url().startsWith(`${url}/api/tickets`))
      await press(page, 'Send')
      const answer = await answered
      await shows(page, 'Printer on fire')

      expect(answer.status()).toBe(200)
      // Optional parameters are not sent unless the reader fills them in; those with an initial value are.
      expect(new URL(answer.url()).search).toBe('?sort=-updatedAt&page=1&size=20')
      expect(answer.request().headers()).toMatchObject({ authorization: `Bearer ${token}`, 'x-api-version': '2' })
      if (process.env['DOCS_IMAGES']) await takePictures(page)
      // Another version is read on at the same operation.
      await page.goto(`${url}/docs#2/tag/tickets/PATCH/api/tickets/{id}`)
      await page.reload()
      await shows(page, 'if-match')
      await press(page, 'Version 2')
      const older = await page.waitForSelector('::-p-xpath(//*[@role="option"][contains(., "Version 1")])')
      await older?.click()
      await page.waitForFunction('location.hash === "#1/tag/tickets/PATCH/api/tickets/{id}"')
      expect(browser.complaints).toEqual([])
      expect(browser.origins).toEqual(new Set([url]))
    },
    2 * WAIT_MS,
  )

  it(
    'shows readers only what they may call, when asked to',
    async () => {
      await using app = await testApp(NewsModule).boot()
      const url = await app.url()
      await using browser = await Visit.open()
      const { page } = browser

      await page.goto(`${url}/docs`)
      await shows(page, 'Reads the news')
      const forStrangers = await page.evaluate('document.body.innerText')
      await browser.setCookie(url, 'role', 'editor')
      await page.reload()
      await shows(page, 'Reads the drafts')

      expect(forStrangers).not.toContain('Reads the drafts')
      expect(browser.complaints).toEqual([])
      expect(browser.origins).toEqual(new Set([url]))
    },
    2 * WAIT_MS,
  )

  it(
    'works as files without any server',
    async () => {
      const folder = mkdtempSync(join(tmpdir(), 'docs-'))
      try {
        await using app = await testApp(AppModule).boot()
        const { data } = await app.application.run('docs:export', { options: { out: folder } })
        await using browser = await Visit.open()
        const { page } = browser

        await page.goto(pathToFileURL(join(folder, 'index.html')).href)
        await shows(page, 'Tickets of many organisations.')
        await shows(page, 'Version 2, after version 1')
        await shows(page, 'body.subject is there now, and required')
        const link = await page.$('::-p-xpath(//a[contains(., "Introduction")])')
        await link?.evaluate((element) => (element as unknown as { click(): void }).click())
        await page.waitForSelector('::-p-xpath(//a[contains(., "Changes")])')
        if (process.env['DOCS_IMAGES']) await page.screenshot({ path: join(IMAGES, 'openapi-changes.png') })
        expect(browser.complaints).toEqual([])
        expect(browser.origins).toEqual(new Set(['null']))
        expect((data as { readonly files: readonly string[] }).files).toContain(join(folder, 'changelog.md'))
        // Whoever reads the document alone wants what is, not what was.
        expect(await readFile(join(folder, 'openapi-2.json'), 'utf8')).not.toContain('after version 1')
      } finally {
        await rm(folder, { recursive: true })
      }
    },
    2 * WAIT_MS,
  )
})

@Controller('/news')
class NewsController {
  @Get()
  @Doc({ summary: 'Reads the news' })
  read(): string {
    return 'None.'
  }

  @Get('/drafts')
  @Doc({ summary: 'Reads the drafts' })
  drafts(): string {
    return 'Many.'
  }
}

@Injectable()
class DraftsForEditors extends EndpointVisibility {
  isVisible({ method }: Endpoint, context: CallContext): boolean {
    return method !== 'drafts' || (context.header('cookie') ?? '').includes('role=editor')
  }
}

@Module({
  imports: [OpenApiModule.with({ title: 'News', personal: true })],
  controllers: [NewsController],
  providers: [{ provide: EndpointVisibility, useClass: DraftsForEditors }],
})
class NewsModule {}

/** A page in a browser of its own, with all it complained about and all it asked for. */
class Visit implements AsyncDisposable {
  readonly complaints: string[] = []
  /** Whoever was asked for anything; `null` stands for files. */
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
    page.on('requestfailed', (request) => this.complaints.push(`${request.url()} failed`))
    page.on('request', (request) => {
      const { protocol, origin } = new URL(request.url())
      if (protocol !== 'data:' && protocol !== 'blob:') this.origins.add(origin)
    })
  }

  static async open(): Promise<Visit> {
    const browser = await launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] })
    const page = await browser.newPage()
    await page.setViewport({ width: 1360, height: 900 })
    return new Visit(browser, page)
  }

  setCookie(url: string, name: string, value: string): Promise<void> {
    return this.#browser.setCookie({ domain: new URL(url).hostname, path: '/', name, value })
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#browser.close()
  }
}

/** The token of somebody of the demo, who has asked for something. */
async function logIn(app: TestApp): Promise<string> {
  const credentials = { email: 'ben.okafor@northwind.example', password: 'service-desk-demo' }
  const answer = await app.request('/api/auth/token', { json: credentials })
  const { accessToken } = (await answer.json()) as { accessToken: string }
  const ticket = { subject: 'Printer on fire', description: 'It smokes.', priority: 'high' }
  await app.request('/api/tickets', { json: ticket, headers: { authorization: `Bearer ${accessToken}` } })
  return accessToken
}

/** For the page of the module, when its pictures are to be made anew. */
async function takePictures(page: Page): Promise<void> {
  await setTimeout(1500)
  await page.screenshot({ path: join(IMAGES, 'openapi-call.png') })
  await page.keyboard.press('Escape')
  const link = await page.$('a[href="#2/tag/tickets/PATCH/api/tickets/{id}"]')
  await link?.evaluate((element) => (element as unknown as { click(): void }).click())
  await setTimeout(3000)
  await page.evaluate('document.activeElement.blur()')
  await page.screenshot({ path: join(IMAGES, 'openapi-page.png') })
}

/** Presses the first button that says this, once it is there. */
async function press(page: Page, text: string): Promise<void> {
  const button = await page.waitForSelector(`::-p-xpath(//button[contains(., "${text}")])`)
  await button?.evaluate((element) => (element as unknown as { click(): void }).click())
}

async function shows(page: Page, text: string): Promise<void> {
  await page.waitForFunction(`document.body.innerText.includes(${JSON.stringify(text)})`)
}
