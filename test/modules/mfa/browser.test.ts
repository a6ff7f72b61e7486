/** Passkeys by a real browser: Chromium with the virtual authenticator of its DevTools protocol, against a running application. */
import { existsSync } from 'node:fs'

import puppeteer, { type Browser, type CDPSession, type Page } from 'puppeteer-core'

import { EMAIL, PASSWORD } from '../auth/accounts/accounts-app.ts'
import { mfaApp, type MfaApp } from './mfa-app.ts'
import { addAuthenticator } from './virtual-authenticator.ts'

const CHROMIUM = '/usr/bin/chromium'
const isThere = existsSync(CHROMIUM)
const describeInBrowser = isThere || process.env['CI'] === 'true' ? describe : describe.skip

interface Answer {
  readonly status: number
  readonly body: { readonly code?: string; readonly csrfToken?: string; readonly [name: string]: unknown }
}

/** A tab on a page of the application, with an authenticator that says yes. */
class Tab {
  readonly page: Page
  readonly #devTools: CDPSession
  readonly #authenticatorId: string
  #csrfToken = ''

  private constructor(page: Page, devTools: CDPSession, authenticatorId: string) {
    this.page = page
    this.#devTools = devTools
    this.#authenticatorId = authenticatorId
  }

  static async open(browser: Browser, desk: MfaApp): Promise<Tab> {
    const page = await browser.newPage()
    const { devTools, authenticatorId } = await addAuthenticator(page)
    const site = (await desk.app.url()).replace('127.0.0.1', 'localhost')
    await page.goto(`${site}/auth/csrf`)
    const tab = new Tab(page, devTools, authenticatorId)
    await tab.call('GET', '/auth/csrf')
    return tab
  }

  /** Calls as scripts of the page do. */
  async call(method: string, path: string, json?: object): Promise<Answer> {
    const answer = await this.page.evaluate(
      async (target: string, init: RequestInit) => {
        const response = await fetch(target, init)
        const text = await response.text()
        return { status: response.status, body: text.startsWith('{') ? JSON.parse(text) : { text } }
      },
      path,
      {
        method,
        headers: { 'x-csrf-token': this.#csrfToken, ...(json && { 'content-type': 'application/json' }) },
        ...(json && { body: JSON.stringify(json) }),
      },
    )
    if (typeof answer.body.csrfToken === 'string') this.#csrfToken = answer.body.csrfToken
    return answer
  }

  logIn(): Promise<Answer> {
    return this.call('POST', '/auth/login', { email: EMAIL, password: PASSWORD })
  }

  /** `navigator.credentials.create()`, as its JSON. */
  create(options: object): Promise<object> {
    return this.#ceremony('create', options)
  }

  /** `navigator.credentials.get()`, as its JSON. */
  get(options: object): Promise<object> {
    return this.#ceremony('get', options)
  }

  async setUserVerified(isUserVerified: boolean): Promise<void> {
    await this.#devTools.send('WebAuthn.setUserVerified', { authenticatorId: this.#authenticatorId, isUserVerified })
  }

  async countOfKeys(): Promise<number> {
    const { credentials } = await this.#devTools.send('WebAuthn.getCredentials', {
      authenticatorId: this.#authenticatorId,
    })
    return credentials.filter(({ isResidentCredential }) => isResidentCredential).length
  }

  /** As text: the types of a browser are not those of this program. */
  #ceremony(kind: 'create' | 'get', options: object): Promise<object> {
    const parse = kind === 'create' ? 'parseCreationOptionsFromJSON' : 'parseRequestOptionsFromJSON'
    return this.page.evaluate(
      `navigator.credentials.${kind}({ publicKey: PublicKeyCredential.${parse}(${JSON.stringify(options)}) })
        .then((credential) => JSON.parse(JSON.stringify(credential)))`,
    ) as Promise<object>
  }
}

async function register(tab: Tab): Promise<Answer> {
  expect((await tab.logIn()).status).toBe(200)
  const { body } = await tab.call('POST', '/auth/mfa/passkeys/options')
  return tab.call('POST', '/auth/mfa/passkeys', { name: 'Chromium', passkey: await tab.create(body) })
}

describeInBrowser(`Passkeys in Chromium${isThere ? '' : ` (not there: ${CHROMIUM})`}`, () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await puppeteer.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] })
  }, 30_000)
  afterAll(() => browser.close())

  it('are registered, log in without a name, and are proved again where that is wanted', async () => {
    await using desk = await mfaApp()
    await desk.member()
    const tab = await Tab.open(browser, desk)

    const added = await register(tab)
    expect([added.status, added.body['passkey']]).toEqual([201, expect.objectContaining({ name: 'Chromium' })])
    expect(added.body['recoveryCodes']).toHaveLength(10)
    expect(await tab.countOfKeys()).toBe(1)

    expect((await tab.call('POST', '/auth/logout')).status).toBe(204)
    expect((await tab.call('GET', '/auth/me')).status).toBe(401)
    await tab.call('GET', '/auth/csrf')
    const discovery = await tab.call('POST', '/auth/mfa/passkey/options')
    expect(discovery.body['allowCredentials']).toEqual([])
    const login = await tab.call('POST', '/auth/mfa/passkey/login', { passkey: await tab.get(discovery.body) })
    expect([login.status, login.body['account']]).toEqual([200, expect.objectContaining({ email: EMAIL })])
    expect((await tab.call('GET', '/auth/me')).body).toMatchObject({ email: EMAIL })
    expect((await tab.call('DELETE', '/vault')).status).toBe(200)

    await desk.clock.advance(300_001)
    const refused = await tab.call('DELETE', '/vault')
    expect([refused.status, refused.body.code, refused.body['challenge']]).toEqual([
      401,
      'MFA_STEP_UP_REQUIRED',
      '/auth/mfa/step-up',
    ])
    const challenge = await tab.call('POST', `${String(refused.body['challenge'])}/options`)
    const passkey = await tab.get(challenge.body)
    expect((await tab.call('POST', String(refused.body['challenge']), { passkey })).status).toBe(200)
    expect((await tab.call('DELETE', '/vault')).status).toBe(200)

    // The browser's own answer, sent again.
    expect((await tab.call('POST', '/auth/mfa/step-up', { passkey })).body.code).toBe('MFA_PASSKEY_REFUSED')
    await tab.page.close()
  }, 60_000)

  it('follow the password as its second factor', async () => {
    await using desk = await mfaApp()
    await desk.member()
    const tab = await Tab.open(browser, desk)
    await register(tab)
    await tab.call('POST', '/auth/logout')
    await tab.call('GET', '/auth/csrf')

    const asked = await tab.logIn()
    expect([asked.status, asked.body.code]).toEqual([401, 'MFA_REQUIRED'])
    const { ticket } = asked.body as { readonly ticket?: string }
    const options = await tab.call('POST', '/auth/mfa/login/options', { ticket })
    const login = await tab.call('POST', '/auth/mfa/login', { ticket, passkey: await tab.get(options.body) })

    expect(login.status).toBe(200)
    expect((await tab.call('GET', '/vault')).status).toBe(200)
    await tab.page.close()
  }, 60_000)

  it('that do not verify their user do not log in without a name', async () => {
    await using desk = await mfaApp()
    await desk.member()
    const tab = await Tab.open(browser, desk)
    await register(tab)
    await tab.call('POST', '/auth/logout')
    await tab.call('GET', '/auth/csrf')
    const options = (await tab.call('POST', '/auth/mfa/passkey/options')).body
    await tab.setUserVerified(false)

    // A page may ask for less than the application wants: its answer is signed all the same, and refused.
    const lax = await tab.get({ ...options, userVerification: 'discouraged' })
    expect((await tab.call('POST', '/auth/mfa/passkey/login', { passkey: lax })).body.code).toBe('MFA_PASSKEY_REFUSED')

    await tab.setUserVerified(true)
    const again = (await tab.call('POST', '/auth/mfa/passkey/options')).body
    const login = await tab.call('POST', '/auth/mfa/passkey/login', { passkey: await tab.get(again) })
    expect(login.status).toBe(200)
    await tab.page.close()
  }, 60_000)
})
