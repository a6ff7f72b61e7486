/** Opens, finds, changes and ends cookie sessions. */
import { hash, randomBytes, randomUUID } from 'node:crypto'

import { Clock, ContextKey, securityEvents, type AuthenticationFactor, type CallContext, type Principal } from 'tenon'
import { Injectable } from 'tenon/decorators'

import { Cleaning } from '../cleaning.ts'
import { KnownPrincipals } from '../tokens/known-principals.ts'
import { KnownSessions } from './known-sessions.ts'
import { SessionCookie } from './session-cookie.ts'
import { SessionStore } from './session-store.ts'
import type { SessionData, SessionRecord } from './session.ts'
import { SessionsConfig } from './sessions-config.ts'
import { SessionDataTooLarge, SessionInvalid, SessionMissing, SessionNotHere } from './sessions-errors.ts'

/** The session of the current call; unset when the caller is known by something else. */
export const SESSION = new ContextKey<SessionRecord>('auth.session')

export interface NewSession {
  readonly accountId: string
  readonly factors: readonly AuthenticationFactor[]
  readonly address?: string | undefined
  readonly agent?: string | undefined
}

const SECRET_BYTES = 32
const LONGEST_AGENT = 200
const LONGEST_ADDRESS = 45
const MOST_DATA_BYTES = 4096
/** Being used is noted at most once in this part of the idle time. */
const TOUCHES = 20

@Injectable()
export class Sessions {
  readonly #store: SessionStore
  readonly #principals: KnownPrincipals
  readonly #cookie: SessionCookie
  readonly #config: SessionsConfig
  readonly #clock: Clock
  readonly #known = new KnownSessions()

  constructor(
    store: SessionStore,
    principals: KnownPrincipals,
    cookie: SessionCookie,
    config: SessionsConfig,
    clock: Clock,
    cleaning: Cleaning,
  ) {
    this.#store = store
    this.#principals = principals
    this.#cookie = cookie
    this.#config = config
    this.#clock = clock
    cleaning.add(() => this.#clean())
  }

  /**
   * Logs a browser in: always a new session with a new secret. The one that the browser had, whoever gave it to it, ends.
   * @returns The secret, for the CSRF token that goes with it; it must reach nobody but the browser.
   */
  async open(context: CallContext, { accountId, factors, address = '', agent = '' }: NewSession): Promise<string> {
    await this.#endCarried(context)
    const now = this.#now
    const { secret, secretHash } = newSecret()
    const session: SessionRecord = {
      id: randomUUID(),
      secretHash,
      accountId,
      createdAt: now,
      lastSeenAt: now,
      expiresAt: now + this.#config.hours * 3_600_000,
      factors,
      address: address.slice(0, LONGEST_ADDRESS),
      agent: agent.slice(0, LONGEST_AGENT),
      data: {},
    }
    await this.#store.insert(session)
    this.#hand(context, session, secret)
    this.#tell('sessions.opened', session)
    return secret
  }

  /**
   * Who calls with this secret, at once where that is known already.
   * @throws `AUTH_SESSION_INVALID`
   */
  authenticate(context: CallContext, secret: string): Principal | Promise<Principal> {
    const secretHash = hash('sha256', secret)
    const known = this.#known.get(secretHash, this.#now)
    if (!known) return this.#read(context, secretHash)
    context.set(SESSION, known.session)
    return known.principal
  }

  /**
   * A new secret for the session of this call, and further factors: whenever what it may do becomes more. Whoever had
   * the old secret has nothing.
   * @returns The new secret, as `open` does.
   * @throws `AUTH_SESSION_NOT_HERE`; `AUTH_SESSION_INVALID` when it has ended in the meantime.
   */
  async rotate(context: CallContext, factors: readonly AuthenticationFactor[] = []): Promise<string> {
    const session = this.#current(context)
    const { secret, secretHash } = newSecret()
    const methods = new Set(factors.map(({ method }) => method))
    const kept = session.factors.filter(({ method }) => !methods.has(method))
    const changes = { secretHash, factors: [...kept, ...factors] }
    if (!(await this.#store.change(session, changes))) throw new SessionInvalid()
    this.#forget(session)
    this.#hand(context, { ...session, ...changes }, secret)
    return secret
  }

  /**
   * Replaces what the application keeps in the session of this call.
   * @throws `AUTH_SESSION_DATA_TOO_LARGE` above 4 KiB of JSON; `AUTH_SESSION_NOT_HERE`, `AUTH_SESSION_INVALID`
   */
  async save(context: CallContext, data: SessionData): Promise<void> {
    const session = this.#current(context)
    const bytes = Buffer.byteLength(JSON.stringify(data))
    if (bytes > MOST_DATA_BYTES) throw new SessionDataTooLarge(bytes, MOST_DATA_BYTES)
    if (!(await this.#store.change(session, { data }))) throw new SessionInvalid()
    this.#forget(session)
    context.set(SESSION, { ...session, data })
  }

  /**
   * Ends the session that the call carries. One that carries none gets no answer about cookies either: a form of another site
   * comes without them, and would take the cookie away all the same.
   */
  async close(context: CallContext): Promise<void> {
    if (this.#cookie.read(context) === undefined) return
    await this.#endCarried(context)
    this.#cookie.clear(context)
  }

  /** Those of an account that are alive. */
  async list(accountId: string): Promise<readonly SessionRecord[]> {
    const sessions = await this.#store.list(accountId, this.#now)
    return sessions.filter((session) => this.#isAlive(session))
  }

  /** @throws `AUTH_SESSION_MISSING` when the account has no such session. */
  async revoke(accountId: string, id: string): Promise<void> {
    const was = await this.#store.delete(accountId, id)
    this.#known.forget((session) => session.id === id && session.accountId === accountId)
    if (!was) throw new SessionMissing(id)
    this.#tell('sessions.revoked', { id, accountId })
  }

  /** Signs an account out everywhere, but for the session that is to stay. */
  async revokeAll(accountId: string, exceptId?: string): Promise<number> {
    const count = await this.#store.deleteAll(accountId, exceptId)
    this.#known.forget((session) => session.accountId === accountId && session.id !== exceptId)
    const at = this.#now
    securityEvents.publish({
      type: 'sessions.revoked-all',
      outcome: 'allowed',
      subject: accountId,
      at,
      details: { count },
    })
    return count
  }

  async #clean(): Promise<void> {
    await this.#store.deleteExpired(this.#now, this.#now - this.#idleMs)
  }

  async #read(context: CallContext, secretHash: string): Promise<Principal> {
    const found = await this.#store.findBySecretHash(secretHash)
    if (!found || !this.#isAlive(found)) throw new SessionInvalid()
    // Asked anew with the session, so that roles that were taken away are gone within SESSION_CACHE_MS.
    const owner = await this.#principals.current({ id: found.accountId })
    if (!owner) throw new SessionInvalid()
    const session = await this.#touched(found)
    const principal: Principal = {
      ...owner,
      kind: 'user',
      authentication: { scheme: 'session', credentialId: session.id, factors: session.factors },
    }
    const until = Math.min(this.#now + this.#config.cacheMs, session.expiresAt, session.lastSeenAt + this.#idleMs)
    this.#known.add({ session, principal, until })
    context.set(SESSION, session)
    return principal
  }

  async #touched(session: SessionRecord): Promise<SessionRecord> {
    const now = this.#now
    if (now - session.lastSeenAt < this.#idleMs / TOUCHES) return session
    await this.#store.touch(session, now)
    return { ...session, lastSeenAt: now }
  }

  async #endCarried(context: CallContext): Promise<void> {
    const secret = this.#cookie.read(context)
    if (secret === undefined) return
    const carried = await this.#store.findBySecretHash(hash('sha256', secret))
    if (!carried) return
    await this.#store.delete(carried.accountId, carried.id)
    this.#forget(carried)
    this.#tell('sessions.closed', carried)
  }

  #hand(context: CallContext, session: SessionRecord, secret: string): void {
    this.#cookie.write(context, secret, Math.floor((session.expiresAt - this.#now) / 1000))
    context.set(SESSION, session)
  }

  #current(context: CallContext): SessionRecord {
    const session = context.get(SESSION)
    if (!session) throw new SessionNotHere()
    return session
  }

  #forget({ id }: SessionRecord): void {
    this.#known.forget((session) => session.id === id)
  }

  #isAlive({ expiresAt, lastSeenAt }: SessionRecord): boolean {
    return expiresAt > this.#now && lastSeenAt + this.#idleMs > this.#now
  }

  #tell(type: string, { id, accountId }: Pick<SessionRecord, 'id' | 'accountId'>): void {
    securityEvents.publish({ type, outcome: 'allowed', principalId: accountId, subject: id, at: this.#now })
  }

  get #idleMs(): number {
    return this.#config.idleMinutes * 60_000
  }

  get #now(): number {
    return this.#clock.epochMs()
  }
}

function newSecret(): { readonly secret: string; readonly secretHash: string } {
  const secret = randomBytes(SECRET_BYTES).toString('base64url')
  return { secret, secretHash: hash('sha256', secret) }
}
