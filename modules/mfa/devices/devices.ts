/**
 * Remembered browsers: a cookie in place of the second factor at login, and nowhere else. Its secret is new after each use,
 * signed together with account and password, and kept as a hash.
 */
import { hash, randomBytes, randomUUID } from 'node:crypto'

import { parseCookie, stringifySetCookie } from 'cookie'
import { Clock, HttpContext, securityEvents, type CallContext } from 'tenon'
import { Cleaning, originOf, SessionsConfig, type AccountRecord } from 'tenon/auth'
import { BaseRepository, LessThan, MoreThan, Repository } from 'tenon/data'
import { Injectable } from 'tenon/decorators'

import { passwordMark } from '../factors/password-mark.ts'
import { SecretBox } from '../factors/secret-box.ts'
import { MfaConfig } from '../mfa-config.ts'
import { FactorMissing } from '../mfa-errors.ts'
import { Device } from './device-row.ts'

/** How a login by a remembered browser is told from others. It is no second factor, and satisfies no `@RequireMfa`. */
export const DEVICE = 'device'

const SECRET_BYTES = 32
const VALUE = /^([\w-]{43})\.([\w-]{43})$/
const LONGEST_AGENT = 200
const LONGEST_ADDRESS = 45
const DAY_MS = 86_400_000
/** Several people may use one browser. */
const NAME_DIGITS = 12

@Repository(Device)
export class DeviceRows extends BaseRepository<Device> {}

@Injectable()
export class Devices {
  readonly #rows: DeviceRows
  readonly #box: SecretBox
  readonly #config: MfaConfig
  readonly #sessions: SessionsConfig
  readonly #clock: Clock

  constructor(
    rows: DeviceRows,
    box: SecretBox,
    config: MfaConfig,
    sessions: SessionsConfig,
    clock: Clock,
    cleaning: Cleaning,
  ) {
    this.#rows = rows
    this.#box = box
    this.#config = config
    this.#sessions = sessions
    this.#clock = clock
    cleaning.add(() => this.#clean())
  }

  /** Remembers the browser of this call; nothing where that is turned off. */
  async remember(context: HttpContext, account: AccountRecord): Promise<void> {
    const { rememberDays } = this.#config
    if (rememberDays === 0) return
    const { address = '', agent = '' } = originOf(context)
    const now = this.#now
    const secret = makeSecret()
    const expiresAt = now + rememberDays * DAY_MS
    await this.#rows.insert({
      id: randomUUID(),
      accountId: account.id,
      secretHash: hash('sha256', secret),
      createdAt: now,
      lastUsedAt: now,
      expiresAt,
      address: address.slice(0, LONGEST_ADDRESS),
      agent: agent.slice(0, LONGEST_AGENT),
    })
    this.#hand(context, account, secret, expiresAt)
    this.#tell('mfa.device-remembered', account.id)
  }

  /** The remembered browser that the call comes from, if it does. Its cookie is replaced: one that was copied is worth one use. */
  async recognize(context: CallContext, account: AccountRecord): Promise<Device | undefined> {
    if (!(context instanceof HttpContext) || this.#config.rememberDays === 0) return undefined
    const cookie = parseCookie(context.header('cookie') ?? '')[this.#nameFor(account)]
    const [, secret, signature] = VALUE.exec(cookie ?? '') ?? []
    if (secret === undefined || signature === undefined) return undefined
    // Made up, of another account, or from before the password was changed: no look into the database.
    if (!this.#box.isSigned(signedText(account, secret), signature)) return undefined
    const now = this.#now
    const secretHash = hash('sha256', secret)
    const device = await this.#rows.findOneBy({ secretHash, accountId: account.id, expiresAt: MoreThan(now) })
    if (!device) return undefined
    const next = makeSecret()
    const changes = { secretHash: hash('sha256', next), lastUsedAt: now }
    if ((await this.#rows.update({ id: device.id, secretHash }, changes)) === 0) return undefined
    this.#hand(context, account, next, device.expiresAt)
    return device
  }

  list(accountId: string): Promise<Device[]> {
    return this.#rows.find({
      where: { accountId, expiresAt: MoreThan(this.#now) },
      order: { createdAt: 'DESC', id: 'ASC' },
    })
  }

  /** @throws `MFA_FACTOR_MISSING` */
  async forget(accountId: string, id: string): Promise<void> {
    if ((await this.#rows.delete({ id, accountId })) === 0) throw new FactorMissing('remembered device')
    this.#tell('mfa.device-forgotten', accountId)
  }

  async forgetAll(accountId: string): Promise<void> {
    if ((await this.#rows.delete({ accountId })) > 0) this.#tell('mfa.device-forgotten', accountId)
  }

  #hand(context: HttpContext, account: AccountRecord, secret: string, expiresAt: number): void {
    context.response.appendHeader(
      'set-cookie',
      stringifySetCookie({
        name: this.#nameFor(account),
        value: `${secret}.${this.#box.sign(signedText(account, secret))}`,
        maxAge: Math.floor((expiresAt - this.#now) / 1000),
        httpOnly: true,
        secure: this.#sessions.secure,
        sameSite: 'lax',
        path: '/',
      }),
    )
  }

  #nameFor({ id }: AccountRecord): string {
    const { cookie, secure } = this.#sessions
    return `${secure ? '__Host-' : ''}${cookie}-device-${hash('sha256', id).slice(0, NAME_DIGITS)}`
  }

  async #clean(): Promise<void> {
    await this.#rows.delete({ expiresAt: LessThan(this.#now) })
  }

  #tell(type: string, subject: string): void {
    securityEvents.publish({ type, outcome: 'allowed', subject, at: this.#now })
  }

  get #now(): number {
    return this.#clock.epochMs()
  }
}

function makeSecret(): string {
  return randomBytes(SECRET_BYTES).toString('base64url')
}

function signedText(account: AccountRecord, secret: string): string {
  return `device:${account.id}:${passwordMark(account)}:${secret}`
}
