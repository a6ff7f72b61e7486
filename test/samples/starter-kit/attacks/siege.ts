/** The whole starter kit on a free port, and the people who call it. */
import { hash, randomUUID } from 'node:crypto'

import { Clock } from 'tenon'
import { Mailer, MemoryOutbox, PasswordHasher, Postman, SessionStore, TokenIssuer } from 'tenon/auth'
import { testApp, type TestApp, type TestAppBuilder } from 'tenon/testing'

import type { Role } from '../../../../samples/starter-kit/access/roles.ts'
import { UserRepository } from '../../../../samples/starter-kit/accounts/user-repository.ts'
import { AppModule } from '../../../../samples/starter-kit/app-module.ts'
import { OrganisationsService } from '../../../../samples/starter-kit/organisations/organisations-service.ts'
import { SoftAuthenticator, type CreationOptions } from '../../../modules/mfa/soft-authenticator.ts'
import { totpCode } from '../authenticator.ts'
import { bearer, Wire, type Call, type Reply } from './wire.ts'

/** Everybody's password. */
export const PASSWORD = 'purple-Stapler-reads-7-books'

/** The least that argon2 may cost: what is tested is not how long it takes. */
const CHEAP = { PASSWORD_MEMORY_KIB: '7168', PASSWORD_PASSES: '1' }

/** Attackers have many addresses, and limits by address are attacked elsewhere. */
const MANY_ADDRESSES = { HTTP_TRUST_PROXY: 'loopback', ACCOUNTS_REQUESTS_PER_HOUR: '10000' }

export interface Person {
  readonly id: string
  readonly email: string
  readonly name: string
  readonly role: Role
  readonly organisation: string
  readonly accessToken: string
  readonly refreshToken: string
}

/** One organisation with somebody of each role. */
export interface Team {
  readonly id: string
  readonly admin: Person
  readonly agent: Person
  readonly customer: Person
  /** Another customer. */
  readonly colleague: Person
}

export interface Session {
  readonly cookie: string
  readonly csrfToken: string
}

export interface Ticket {
  readonly id: number
  readonly version: number
  readonly subject: string
}

export class Siege implements AsyncDisposable {
  readonly app: TestApp
  readonly url: string
  /** Where calls come from, as the trusted proxy before the desk says. */
  address = '198.51.100.1'
  readonly #wire: Wire
  #passwordHash: Promise<string> | undefined
  /** What logins by password bring besides, by e-mail address. */
  readonly #proofs = new Map<string, (ticket: string) => Promise<object>>()
  #people = 0

  private constructor(app: TestApp, url: string) {
    this.app = app
    this.url = url
    this.#wire = new Wire(url)
  }

  static async begin(
    env: Readonly<Record<string, string>> = {},
    prepare: (builder: TestAppBuilder) => TestAppBuilder = (builder) => builder,
  ): Promise<Siege> {
    const builder = testApp(AppModule)
      .env({ ...CHEAP, ...MANY_ADDRESSES, ...env })
      .override(Mailer)
      .with(new MemoryOutbox())
    const app = await prepare(builder).boot()
    return new Siege(app, await app.url())
  }

  /** Without a credential, unless the headers carry one. */
  send(call: Call): Promise<Reply> {
    return this.#wire.send({ ...call, headers: { 'x-forwarded-for': this.address, ...call.headers } })
  }

  /** With the access token of somebody. */
  as({ accessToken }: Pick<Person, 'accessToken'>, call: Call): Promise<Reply> {
    return this.send({ ...call, headers: { ...bearer(accessToken), ...call.headers } })
  }

  async team(name: string): Promise<Team> {
    const { id } = await this.app.get(OrganisationsService).found(name)
    const [admin, agent, customer, colleague] = await Promise.all([
      this.person(id, 'admin'),
      this.person(id, 'agent'),
      this.person(id, 'customer'),
      this.person(id, 'customer'),
    ])
    return { id, admin, agent, customer, colleague }
  }

  /** Somebody new, with tokens as a login with a second factor gives them: hashing takes its time. */
  async person(organisation: string, role: Role): Promise<Person> {
    this.#people += 1
    const name = `${organisation} ${role} ${this.#people}`
    const email = `${role}.${this.#people}@${organisation}.example`
    const at = this.app.get(Clock).now().getTime()
    this.#passwordHash ??= this.app.get(PasswordHasher).hash(PASSWORD)
    const { id } = await this.app.get(UserRepository).add({
      id: randomUUID(),
      email,
      tenant: organisation,
      roles: [role],
      passwordHash: await this.#passwordHash,
      verifiedAt: at,
      disabledAt: null,
      createdAt: at,
      profile: { name },
    })
    const authentication = { scheme: 'bearer', factors: ['pwd', 'otp'].map((method) => ({ method, at })) }
    const caller = { id, kind: 'user' as const, tenant: organisation, roles: [role], authentication }
    const { accessToken, refreshToken } = await this.app.get(TokenIssuer).issue(caller)
    return { id, email, name, role, organisation, accessToken, refreshToken }
  }

  async tokens(email: string, password = PASSWORD): Promise<Pick<Person, 'accessToken' | 'refreshToken'>> {
    const reply = await this.send({ path: '/api/auth/token', json: { email, password } })
    const { body } = expecting(200, await this.#finish(email, reply, '/api/auth/mfa/token'))
    return { accessToken: body.accessToken, refreshToken: body.refreshToken }
  }

  /** Sets up an authenticator app; logins bring its codes from then on. */
  async enrol(
    owner: Pick<Person, 'accessToken' | 'email'>,
  ): Promise<{ readonly secret: string; readonly recoveryCodes: readonly string[] }> {
    const post = async (path: string, json: object) =>
      expecting(200, await this.as(owner, { path: `/api/auth/mfa${path}`, json })).body
    const { secret } = await post('/totp', {})
    let step = -1
    const next = (): string => totpCode(secret, this.app.get(Clock).now().getTime(), step++)
    const { recoveryCodes } = await post('/totp/confirm', { code: next() })
    this.#proofs.set(owner.email, () => Promise.resolve({ code: next() }))
    return { secret, recoveryCodes }
  }

  /** Registers a passkey; logins bring it from then on. @returns Its id. */
  async passkey(owner: Pick<Person, 'accessToken' | 'email'>): Promise<string> {
    const key = new SoftAuthenticator('http://localhost')
    const json = { name: 'Key', passkey: key.create(await this.passkeyOptions(owner)) }
    const { body } = expecting(201, await this.as(owner, { path: '/api/auth/mfa/passkeys', json }))
    this.#proofs.set(owner.email, async (ticket) => {
      const options = await this.send({ path: '/api/auth/mfa/login/options', json: { ticket } })
      return { passkey: key.get(expecting(200, options).body) }
    })
    return body.passkey.id as string
  }

  async passkeyOptions(owner: Pick<Person, 'accessToken'>): Promise<CreationOptions> {
    const reply = await this.as(owner, { path: '/api/auth/mfa/passkeys/options', method: 'POST' })
    return expecting(200, reply).body as CreationOptions
  }

  /** Goes on with the second factor, where there is one. */
  async #finish(
    email: string,
    reply: Reply,
    path: string,
    call: Omit<Call, 'path'> = {},
    further = {},
  ): Promise<Reply> {
    if (reply.body?.code !== 'MFA_REQUIRED') return reply
    const { ticket } = reply.body
    const json = { ticket, ...(await this.#proofs.get(email)?.(ticket)), ...further }
    return this.send({ ...call, path, json })
  }

  /** A browser's login. */
  async session({ email }: Pick<Person, 'email'>, further: { readonly rememberDevice?: true } = {}): Promise<Session> {
    const before = await this.send({ path: '/api/auth/csrf' })
    const login = await this.send({
      path: '/api/auth/login',
      json: { email, password: PASSWORD },
      headers: this.browser({ cookie: cookiesOf(before), csrfToken: before.body.csrfToken }),
    })
    const call = { headers: this.browser({ cookie: cookiesOf(before), csrfToken: before.body.csrfToken }) }
    const done = expecting(200, await this.#finish(email, login, '/api/auth/mfa/login', call, further))
    const session = { cookie: cookiesOf(done), csrfToken: done.body.csrfToken as string }
    await this.#strengthen(session)
    return session
  }

  /** As if the second factor had been proved: what is tested elsewhere is how. */
  async #strengthen({ cookie }: Session): Promise<void> {
    const store = this.app.get(SessionStore)
    const [, secret = ''] = /session=([^;]+)/.exec(cookie) ?? []
    const found = await store.findBySecretHash(hash('sha256', secret))
    if (!found) throw new Error('The session is not in the store.')
    const at = this.app.get(Clock).now().getTime()
    await store.change(found, { factors: [...found.factors, { method: 'otp', at }] })
  }

  /** What a page of the application itself sends along. */
  browser({ cookie, csrfToken }: Session): Readonly<Record<string, string>> {
    return { cookie, 'x-csrf-token': csrfToken, origin: this.url, 'sec-fetch-site': 'same-origin' }
  }

  async ticket(requester: Person, fields: object = {}): Promise<Ticket> {
    const json = { subject: `Ticket of ${requester.name}`, description: 'It is on fire.', ...fields }
    return expecting(201, await this.as(requester, { path: '/api/tickets', json })).body as Ticket
  }

  async apiKey(owner: Person, scopes: readonly string[]): Promise<{ readonly id: string; readonly secret: string }> {
    const json = { name: `Key of ${owner.name}`, scopes }
    const { key, secret } = expecting(201, await this.as(owner, { path: '/api/api-keys', json })).body
    return { id: key.id, secret }
  }

  /** @returns The id of the invitation; its code is in the mail. */
  async invite(admin: Person, email: string, role: Role = 'customer'): Promise<string> {
    const json = { email, name: 'Somebody', role }
    return expecting(201, await this.as(admin, { path: '/api/invitations', json })).body.id as string
  }

  get outbox(): MemoryOutbox {
    return this.app.get(Mailer) as MemoryOutbox
  }

  /** The code behind the link of the last mail to somebody, once it was sent. */
  async codeFor(email: string): Promise<string | undefined> {
    await this.app.get(Postman).settled()
    return /#code=([\w-]+)/.exec(this.outbox.lastTo(email)?.text ?? '')?.[1]
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#wire.close()
    await this.app.close()
  }
}

/** What has to work for a test to mean anything. */
export function expecting(status: number, reply: Reply): Reply {
  if (reply.status !== status) throw new Error(`Expected ${status}: ${reply.status} ${reply.text}`)
  return reply
}

export function cookiesOf({ headers }: Reply): string {
  return [headers['set-cookie'] ?? []]
    .flat()
    .map((line) => line.split(';')[0])
    .join('; ')
}
