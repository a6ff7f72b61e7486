import { cp, readdir, readFile } from 'node:fs/promises'
import { stripTypeScriptTypes } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

import { Mailer, type MemoryOutbox, Postman } from 'tenon/auth'
import { OpenApi, operationsOf } from 'tenon/openapi'
import { testApp, type TestApp } from 'tenon/testing'

import { AppModule } from '../../../samples/starter-kit/app-module.ts'
import { addAuthenticator } from '../mfa/virtual-authenticator.ts'
import { SoftAuthenticator, type CreationOptions, type RequestOptions } from '../mfa/soft-authenticator.ts'
import { freePort } from '../oidc/free-port.ts'
import { CLIENT, plainIdp, type PlainIdp } from '../oidc/plain-idp.ts'
import { Surfer } from '../oidc/surfer.ts'
import { drive, inBrowser, serving } from './browser-page.ts'
import type { driveDesk } from './desk/drive-desk.ts'
import { BROWSER, MadeClient, NODE, ROOT } from './made-client.ts'

/** Operations that no client calls, with the reason: where browsers are sent to and fro, for example. */
const LEFT_OUT: Readonly<Record<string, string>> = {}

type Driven = Awaited<ReturnType<typeof driveDesk>>

const SCENARIO = join(ROOT, 'test/modules/client/desk')

/** What the scenario sees, wherever it runs. */
const SEEN = {
  founded: {
    tooShort: 'organisation must be longer than or equal to 2 characters',
    wasSent: false,
    early: 'AUTH_LOGIN_FAILED',
    wrong: 'AUTH_LOGIN_FAILED',
    unready: 'MFA_ENROLMENT_REQUIRED',
    ada: ['Ada', ['admin'], true],
    organisation: 'acme-works',
  },
  renewed: { email: 'ada@acme.example', renewals: 1, again: 'AUTH_REFRESH_INVALID' },
  sessions: { refused: 'AUTH_CSRF_TOKEN', sessions: [true], gone: 'AUTH_SESSION_INVALID', left: 'AUTH_REQUIRED' },
  factors: {
    methods: ['otp', 'hwk', 'recovery'],
    names: ['Desk key'],
    recoveryCodesLeft: 7,
    byPasskey: ['acme-works', 'ada@acme.example', true],
    remembered: [1, true],
    last: 'MFA_LAST_FACTOR',
    replayed: 'MFA_PROOF_WRONG',
    renewed: 10,
  },
  members: {
    invited: ['eve@elsewhere.example', ['customer'], false],
    pending: ['eve'],
    revoked: 'AUTH_CODE_INVALID',
    joined: ['agent', 'customer'],
    roles: ['agent'],
    states: ['active', 'active', 'active', 'disabled'],
    forbidden: 'ACCESS_REFUSED',
  },
  tickets: {
    subjects: ['Printer 1', 'Printer 2', 'Printer 3', 'Printer 4', 'Printer 5'],
    pages: [2, 2, 1],
    changed: ['urgent', 'Bring water.', 1],
    isHidden: true,
    days: true,
    late: 'DATA_VERSION_CONFLICT',
    states: ['pending', 'closed'],
    again: 'DESK_TICKET_CLOSED',
    history: ['update', 'update', 'insert'],
    unknown: 'ACCESS_RESOURCE_NOT_FOUND',
    comments: ['It still smokes.', 'More now.', 'Thank you!'],
  },
  keys: { unready: 'MFA_STEP_UP_REQUIRED', stepUps: 1, statuses: [200, 200, 401], names: ['Nightly'] },
  elsewhere: { titles: ['Acme'], linked: ['cat@acme.example'], left: 0, loggedOut: '/' },
  secrets: { weak: 'AUTH_PASSWORD_WEAK', email: 'new.cat@acme.example' },
}

/** The code behind the link of the last mail to somebody. */
async function codeFor(app: TestApp, email: string): Promise<string> {
  await app.get(Postman).settled()
  return /#code=([\w-]+)/.exec((app.get(Mailer) as MemoryOutbox).lastTo(email)?.text ?? '')?.[1] ?? 'no code'
}

/** The client of the starter kit, and the scenario beside it. */
async function madeWithScenario(app: TestApp): Promise<MadeClient> {
  const made = await MadeClient.of(app)
  for (const name of await readdir(SCENARIO)) {
    if (name !== 'api.ts') await cp(join(SCENARIO, name), join(made.folder, name))
  }
  return made
}

/** The desk where its own address says it is, and the issuer that its people may log in with. */
class DeskBesideIssuer implements AsyncDisposable {
  readonly app: TestApp
  readonly url: string
  readonly #idp: PlainIdp

  private constructor(app: TestApp, url: string, idp: PlainIdp) {
    this.app = app
    this.url = url
    this.#idp = idp
  }

  static async open(scripts: ReadonlyMap<string, string> = new Map()): Promise<DeskBesideIssuer> {
    const port = await freePort()
    const url = `http://localhost:${port}`
    const idp = await plainIdp([`${url}/api/auth/oidc/sso/callback`], [`${url}/`])
    idp.person = { sub: 'cat', email: 'cat@acme.example', email_verified: true }
    const app = await testApp(AppModule)
      .use(serving(scripts))
      .env({
        PUBLIC_URL: url,
        OIDC_ISSUER: idp.issuer,
        OIDC_CLIENT_ID: CLIENT.clientId,
        OIDC_CLIENT_SECRET: CLIENT.clientSecret,
        OIDC_TITLE: 'Acme',
        OIDC_DOMAINS: 'acme.example',
        OIDC_INTERNAL: 'true',
      })
      .boot()
    await app.application.listen({ port, host: '127.0.0.1', handleSignals: false })
    return new DeskBesideIssuer(app, url, idp)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.app.close()
    await this.#idp[Symbol.asyncDispose]()
  }
}

/** What a browser does for a program in Node: keeps cookies, follows redirects, asks an authenticator. */
function browserOf(url: string) {
  const surfer = new Surfer()
  const authenticator = new SoftAuthenticator(url)
  return {
    fetch: async (address: string, init: RequestInit): Promise<Response> => {
      const headers = new Headers(init.headers)
      const cookies = surfer.cookieHeader(new URL(address))
      if (cookies !== '') headers.set('cookie', cookies)
      const answer = await fetch(address, { ...init, headers })
      surfer.keepCookies(new URL(address), answer.headers)
      return answer
    },
    visit: async (address: string): Promise<void> => void (await surfer.open(address)),
    passkeys: {
      create: async (options: object) => authenticator.create(options as CreationOptions),
      get: async (options: object) => authenticator.get(options as RequestOptions),
    },
  }
}

/** Operations of the newest version of which no call went well. */
async function undriven(app: TestApp, calls: readonly string[]): Promise<readonly string[]> {
  const listed = operationsOf(await app.get(OpenApi).document())
  const keys = listed.map(({ key }) => key)
  expect(keys).toEqual(expect.arrayContaining(Object.keys(LEFT_OUT)))
  return keys.filter((key) => {
    const pattern = key.replaceAll('.', String.raw`\.`).replaceAll(/\{[^}]+\}/g, '[^/ ]+')
    return !(key in LEFT_OUT) && !calls.some((call) => new RegExp(`^${pattern} 2\\d\\d$`).test(call))
  })
}

describe('The client of the starter kit', () => {
  it.each([
    ['Node', NODE],
    ['browsers', BROWSER],
  ])('and a program that uses all of it are clean in strict mode for %s', async (_name, platform) => {
    await using app = await testApp(AppModule).boot()
    await using made = await madeWithScenario(app)

    expect(await made.complaints(platform, "export * from './drive-desk.ts'")).toBe('')
  })

  it('drives every operation of it in Node', async () => {
    await using desk = await DeskBesideIssuer.open()
    const { app, url } = desk
    await using made = await madeWithScenario(app)
    const scenario = (await import(pathToFileURL(join(made.folder, 'drive-desk.ts')).href)) as {
      readonly driveDesk: typeof driveDesk
    }

    const { seen, calls } = await scenario.driveDesk({
      ...browserOf(url),
      baseUrl: url,
      codeFor: (email) => codeFor(app, email),
    })

    expect(seen).toEqual(SEEN)
    expect(await undriven(app, calls)).toEqual([])
    const others = calls.filter((call) => !call.startsWith('GET /api/organisation '))
    expect(await undriven(app, others)).toEqual(['GET /api/organisation'])
  }, 60_000)
})

inBrowser('The client of the starter kit in a real Chromium', () => {
  it('drives every operation of it', async () => {
    const scripts = new Map<string, string>()
    await using desk = await DeskBesideIssuer.open(scripts)
    const { app, url } = desk
    await using made = await madeWithScenario(app)
    for (const name of await readdir(made.folder)) {
      if (!name.endsWith('.ts')) continue
      scripts.set(`/${name}`, stripTypeScriptTypes(await readFile(join(made.folder, name), 'utf8')))
    }

    const { seen, calls } = (await drive(
      `${url}/page`,
      `const { driveDesk } = await import('/drive-desk.ts')
       const json = (credential) => JSON.parse(JSON.stringify(credential))
       const { parseCreationOptionsFromJSON, parseRequestOptionsFromJSON } = PublicKeyCredential
       const passkeys = {
         create: async (options) =>
           json(await navigator.credentials.create({ publicKey: parseCreationOptionsFromJSON(json(options)) })),
         get: async (options) =>
           json(await navigator.credentials.get({ publicKey: parseRequestOptionsFromJSON(json(options)) })),
       }
       const { codeFor, visit } = window
       return driveDesk({ baseUrl: location.origin, fetch: (...args) => fetch(...args), codeFor, visit, passkeys })`,
      { codeFor: (email) => codeFor(app, email) },
      async (page) => {
        await addAuthenticator(page)
        await page.exposeFunction('visit', async (address: string) => {
          const other = await page.browser().newPage()
          await other.goto(address)
          await other.close()
          await page.bringToFront()
        })
      },
    )) as Driven

    expect(seen).toEqual(SEEN)
    expect(await undriven(app, calls)).toEqual([])
  }, 60_000)
})
