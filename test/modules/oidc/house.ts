/** An application that is an identity provider, and people who have accounts there. */
import { securityEvents, type ModuleImport, type SecurityEvent } from 'tenon'
import {
  AccountsModule,
  AccountStore,
  PasswordHasher,
  TokensModule,
  type AccountRecord,
  type NewAccount,
} from 'tenon/auth'
import { OidcProviderModule } from 'tenon/oidc'
import { testApp, type TestApp } from 'tenon/testing'

import { CHEAP, MeModule, PASSWORD } from './desk.ts'
import { freePort } from './free-port.ts'

export interface House extends AsyncDisposable {
  readonly app: TestApp
  readonly url: string
  readonly issuer: string
  readonly events: readonly SecurityEvent[]
  member(changes?: Partial<NewAccount>): Promise<AccountRecord>
}

export interface HouseSettings {
  readonly settings?: Parameters<typeof OidcProviderModule.with>[0]
  readonly prefix?: string
  readonly env?: Readonly<Record<string, string>>
  readonly modules?: readonly ModuleImport[]
  readonly port?: number
}

/** Its host is `127.0.0.1`: cookies do not tell ports apart, so clients are at `localhost`. */
export async function openHouse({
  settings = {},
  prefix,
  env = {},
  modules = [],
  port,
}: HouseSettings = {}): Promise<House> {
  const own = port ?? (await freePort())
  const url = `http://127.0.0.1:${own}`
  const events: SecurityEvent[] = []
  const stop = securityEvents.subscribe((event) => events.push(event))
  const app = await testApp(
    MeModule,
    AccountsModule,
    TokensModule,
    OidcProviderModule.with(settings, prefix),
    ...modules,
  )
    .env({ ...CHEAP, PUBLIC_URL: url, ...env })
    .boot()
  await app.application.listen({ port: own, host: '127.0.0.1', handleSignals: false })
  const store = app.get(AccountStore)
  const passwordHash = await app.get(PasswordHasher).hash(PASSWORD)
  return {
    app,
    url,
    issuer: `${url}${prefix ?? '/oidc'}`,
    events,
    member: (changes) =>
      store.add({
        id: crypto.randomUUID(),
        email: 'ada@example.org',
        passwordHash,
        roles: ['user', 'agent'],
        tenant: null,
        verifiedAt: 1,
        disabledAt: null,
        createdAt: 1,
        profile: {},
        ...changes,
      }),
    [Symbol.asyncDispose]: async () => {
      stop()
      await app.close()
    },
  }
}
