/** An application in which people log in with others. */
import {
  Controller,
  CurrentUser,
  Get,
  Module,
  securityEvents,
  type ModuleImport,
  type Principal,
  type SecurityEvent,
} from 'tenon'
import { AccountsModule, AccountStore, Authenticated, type AccountRecord, type NewAccount } from 'tenon/auth'
import { OidcLoginModule, type OidcIssuer } from 'tenon/oidc'
import { testApp, type FakeClock, type TestApp } from 'tenon/testing'

import { CLIENT, plainIdp, type Person, type PlainIdp } from './plain-idp.ts'
import { freePort } from './free-port.ts'
import { Surfer, type Page } from './surfer.ts'

@Controller('/me')
class MeController {
  @Get()
  @Authenticated()
  read(@CurrentUser() caller: Principal): Principal {
    return caller
  }
}

@Module({ controllers: [MeController] })
export class MeModule {}

export const CHEAP = { PASSWORD_MEMORY_KIB: '7168', PASSWORD_PASSES: '1' }
export const PASSWORD = 'purple-Stapler-reads-7-books'

export interface Desk extends AsyncDisposable {
  readonly app: TestApp
  readonly url: string
  readonly events: readonly SecurityEvent[]
  /** Makes an account, verified unless told otherwise. */
  account(changes?: Partial<NewAccount>): Promise<AccountRecord>
  /** Logs in by password, and keeps the CSRF token. */
  logIn(surfer: Surfer, email: string, password?: string): Promise<Page>
  me(surfer: Surfer): Promise<Page>
}

export interface DeskSettings {
  readonly port: number
  readonly issuers: readonly OidcIssuer[]
  readonly env?: Readonly<Record<string, string>>
  readonly modules?: readonly ModuleImport[]
  readonly clock?: FakeClock
  readonly settings?: Omit<Parameters<typeof OidcLoginModule.with>[0] & object, 'issuers'>
}

export async function openDesk({
  port,
  issuers,
  env = {},
  modules = [],
  clock,
  settings,
}: DeskSettings): Promise<Desk> {
  const url = `http://localhost:${port}`
  const events: SecurityEvent[] = []
  const stop = securityEvents.subscribe((event) => events.push(event))
  const builder = testApp(MeModule, AccountsModule, OidcLoginModule.with({ issuers, ...settings }), ...modules).env({
    ...CHEAP,
    PUBLIC_URL: url,
    ...env,
  })
  const app = await (clock ? builder.clock(clock) : builder).boot()
  await app.application.listen({ port, host: '127.0.0.1', handleSignals: false })
  const store = app.get(AccountStore)
  return {
    app,
    url,
    events,
    account: (changes) =>
      store.add({
        id: crypto.randomUUID(),
        email: 'ada@example.org',
        passwordHash: null,
        roles: ['user'],
        tenant: null,
        verifiedAt: 1,
        disabledAt: null,
        createdAt: 1,
        profile: {},
        ...changes,
      }),
    logIn: async (surfer, email, password = PASSWORD) => {
      const token = await surfer.open(`${url}/auth/csrf`)
      surfer.csrfToken = (JSON.parse(token.text) as { csrfToken: string }).csrfToken
      const page = await surfer.open(`${url}/auth/login`, { json: { email, password } })
      if (page.status === 200) surfer.csrfToken = (JSON.parse(page.text) as { csrfToken: string }).csrfToken
      return page
    },
    me: (surfer) => surfer.open(`${url}/me`),
    [Symbol.asyncDispose]: async () => {
      stop()
      await app.close()
    },
  }
}

export interface Town extends AsyncDisposable {
  readonly desk: Desk
  readonly idp: PlainIdp
}

/** A desk, and an identity provider that it trusts, called `acme`. */
export async function openTown(
  person: Person | undefined,
  issuer: Partial<OidcIssuer> = {},
  settings: Partial<DeskSettings> = {},
): Promise<Town> {
  const port = await freePort()
  const idp = await plainIdp([`http://localhost:${port}/auth/oidc/acme/callback`], [`http://localhost:${port}/`])
  idp.person = person
  const acme: OidcIssuer = { name: 'acme', title: 'Acme', issuer: idp.issuer, internal: true, ...CLIENT, ...issuer }
  const desk = await openDesk({ port, issuers: [acme], ...settings })
  return {
    desk,
    idp,
    [Symbol.asyncDispose]: async () => {
      await desk[Symbol.asyncDispose]()
      await idp[Symbol.asyncDispose]()
    },
  }
}

export const problemOf = (page: Page): string | undefined => (JSON.parse(page.text) as { code?: string }).code
