/** An application with second factors, and what tests do with it again and again. */
import {
  Controller,
  CurrentUser,
  Delete,
  Get,
  Module,
  NoTenant,
  Post,
  RequireMfa,
  type ModuleImport,
  type Principal,
} from 'tenon'
import { AccountsModule, Authenticated, TokenEndpointsModule } from 'tenon/auth'
import { MfaModule } from 'tenon/mfa'
import { Secret, TOTP } from 'otpauth'
import type { FakeClock } from 'tenon/testing'

import {
  accountsApp,
  EMAIL,
  NotesModule,
  PASSWORD,
  type AccountsApp,
  type AccountsSettings,
} from '../auth/accounts/accounts-app.ts'
import type { Browser } from '../auth/accounts/browser.ts'
import type { CreationOptions, Lies, RequestOptions, SoftAuthenticator } from './soft-authenticator.ts'

@Controller('/vault')
@NoTenant('One vault for all.')
@Authenticated()
class VaultController {
  @Get()
  @RequireMfa()
  read(@CurrentUser() caller: Principal): Principal {
    return caller
  }

  @Post('/open')
  @RequireMfa({ maxAge: '5m' })
  open(): string {
    return 'opened'
  }

  @Delete()
  @RequireMfa({ maxAge: '5m', methods: ['hwk', 'swk'] })
  burn(): string {
    return 'burnt'
  }
}

@Module({ controllers: [VaultController] })
export class VaultModule {}

export interface Ticket {
  readonly code: string
  readonly ticket: string
  readonly methods: readonly string[]
}

/** What the telephone of a person shows. */
export class AuthenticatorApp {
  readonly #secret: Secret
  readonly #clock: FakeClock

  constructor(base32: string, clock: FakeClock) {
    this.#secret = Secret.fromBase32(base32)
    this.#clock = clock
  }

  /** @param offsetSteps - Of a clock that is off by so many steps of 30 seconds. */
  code(offsetSteps = 0): string {
    const timestamp = this.#clock.now().getTime() + offsetSteps * 30_000
    return TOTP.generate({ secret: this.#secret, timestamp })
  }

  /** The code of the next step: the one of this step may have been used. */
  async nextCode(): Promise<string> {
    await this.#clock.advance(30_000)
    return this.code()
  }
}

export interface MfaApp extends AccountsApp {
  /** Sets an authenticator app up for a browser that has logged in. */
  enrol(browser: Browser): Promise<{ readonly phone: AuthenticatorApp; readonly recoveryCodes: readonly string[] }>
  /** A member with an authenticator app, and a browser that has set it up. */
  enrolled(email?: string, password?: string): Promise<Enrolled>
  /** The ticket of a login by password. */
  ticket(browser: Browser, email?: string, password?: string): Promise<Ticket>
  /** A login of a program, by password and code. */
  tokens(phone: AuthenticatorApp): Promise<{ readonly accessToken: string; readonly refreshToken: string }>
}

export interface Enrolled {
  readonly id: string
  readonly browser: Browser
  readonly phone: AuthenticatorApp
  readonly recoveryCodes: readonly string[]
}

const MODULES: readonly ModuleImport[] = [AccountsModule, TokenEndpointsModule, MfaModule]

export async function mfaApp({
  modules = MODULES,
  root = [NotesModule, VaultModule],
  ...settings
}: AccountsSettings = {}): Promise<MfaApp> {
  const desk = await accountsApp({ modules, root, ...settings })
  const enrol: MfaApp['enrol'] = async (browser) => {
    const begun = await json<{ secret: string }>(await browser.call('/auth/mfa/totp', { json: {} }))
    const phone = new AuthenticatorApp(begun.secret, desk.clock)
    const confirmed = await browser.call('/auth/mfa/totp/confirm', { json: { code: phone.code() } })
    const { recoveryCodes = [] } = await json<{ recoveryCodes?: string[] }>(confirmed)
    return { phone, recoveryCodes }
  }
  const ticket: MfaApp['ticket'] = async (browser, email = EMAIL, password = PASSWORD) => {
    const response = await browser.logIn(email, password)
    const problem = (await response.json()) as Ticket
    if (problem.code !== 'MFA_REQUIRED') throw new Error(`No ticket: ${response.status} ${JSON.stringify(problem)}`)
    return problem
  }
  return {
    ...desk,
    enrol,
    ticket,
    enrolled: async (email = EMAIL, password = PASSWORD) => {
      const id = await desk.member(email, password)
      const browser = await desk.loggedIn(email, password)
      return { id, browser, ...(await enrol(browser)) }
    },
    tokens: async (phone) => {
      const asked = await desk.browser().call('/auth/token', { json: { email: EMAIL, password: PASSWORD } })
      const body = { ticket: ((await asked.json()) as Ticket).ticket, code: await phone.nextCode() }
      return json(await desk.browser().call('/auth/mfa/token', { json: body }))
    },
  }
}

/** The body of an answer that must be a success. */
export async function json<T>(response: Response): Promise<T> {
  if (!response.ok) throw new Error(`${response.status} ${response.url} ${await response.text()}`)
  return (await response.json()) as T
}

/** The code of a problem, with its status: `403 MFA_PROOF_WRONG`. */
export async function outcome(response: Response): Promise<string> {
  if (response.ok) return String(response.status)
  const { code } = (await response.clone().json()) as { readonly code: string }
  return `${response.status} ${code}`
}

export function bearer(accessToken: string): Record<string, string> {
  return { authorization: `Bearer ${accessToken}` }
}

/** The origin that pages of test applications have. */
export const ORIGIN = 'http://localhost'

/** Registers a passkey for a browser that has logged in a moment ago. */
export async function addPasskey(browser: Browser, key: SoftAuthenticator, lies: Lies = {}): Promise<Response> {
  const options = await json<CreationOptions>(await browser.call('/auth/mfa/passkeys/options', { method: 'POST' }))
  return browser.call('/auth/mfa/passkeys', { json: { name: 'Key', passkey: key.create(options, lies) } })
}

/** Logs in without a name. */
export async function logInByPasskey(browser: Browser, key: SoftAuthenticator, lies: Lies = {}): Promise<Response> {
  await browser.call('/auth/csrf')
  const options = await json<RequestOptions>(await browser.call('/auth/mfa/passkey/options', { method: 'POST' }))
  return browser.call('/auth/mfa/passkey/login', { json: { passkey: key.get(options, lies) } })
}

/** Proves the passkey for a login that is there. */
export async function stepUp(browser: Browser, key: SoftAuthenticator, lies: Lies = {}): Promise<Response> {
  const options = await json<RequestOptions>(await browser.call('/auth/mfa/step-up/options', { method: 'POST' }))
  return browser.call('/auth/mfa/step-up', { json: { passkey: key.get(options, lies) } })
}
