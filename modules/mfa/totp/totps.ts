/** Codes of authenticator apps (RFC 6238). The one file that imports otpauth. */
import { Secret, TOTP } from 'otpauth'
import { Clock } from 'tenon'
import { BaseRepository, DuplicateRow, IsNull, LessThan, Not, Repository } from 'tenon/data'
import { Injectable } from 'tenon/decorators'

import { SecretBox } from '../factors/secret-box.ts'
import { MfaConfig } from '../mfa-config.ts'
import { RelyingParty } from '../passkeys/relying-party.ts'
import { Totp } from './totp-row.ts'

/** What authenticator apps know of an account. */
export interface TotpEnrolment {
  /** Base32, for those who type it. */
  readonly secret: string
  /** `otpauth://`, for those who scan it. */
  readonly uri: string
}

/** What all apps understand: many ignore that a URI asks for something else. */
const FORM = { algorithm: 'SHA1', digits: 6, period: 30 }
/** RFC 4226 §4 R6: 160 bits. */
const SECRET_BYTES = 20
/** How long an enrolment waits for its first code. */
const PENDING_MS = 15 * 60_000
const CODE = /^\d{6}$/

@Repository(Totp)
export class TotpRows extends BaseRepository<Totp> {}

@Injectable()
export class Totps {
  readonly #rows: TotpRows
  readonly #box: SecretBox
  readonly #config: MfaConfig
  readonly #party: RelyingParty
  readonly #clock: Clock

  constructor(rows: TotpRows, box: SecretBox, config: MfaConfig, party: RelyingParty, clock: Clock) {
    this.#rows = rows
    this.#box = box
    this.#config = config
    this.#party = party
    this.#clock = clock
  }

  /** Since when the account has an authenticator app; `undefined`: it has none. */
  async confirmedAt(accountId: string): Promise<number | undefined> {
    const row = await this.#rows.findOneBy({ accountId, confirmedAt: Not(IsNull()) })
    return row?.confirmedAt ?? undefined
  }

  /** A new secret that counts once its first code has come. One that is there goes on until then. */
  async begin(accountId: string, email: string): Promise<TotpEnrolment> {
    const secret = new Secret({ size: SECRET_BYTES })
    const pending = {
      pendingSecret: this.#box.seal(secret.base32, boundTo(accountId)),
      pendingUntil: this.#now + PENDING_MS,
    }
    if ((await this.#rows.update({ accountId }, pending)) === 0) await this.#insert(accountId, pending)
    const uri = new TOTP({ ...FORM, issuer: this.#party.name, label: email, secret }).toString()
    return { secret: secret.base32, uri }
  }

  /** Takes the pending secret into use. @returns Whether the code is one of it. */
  async confirm(accountId: string, code: string): Promise<boolean> {
    const row = await this.#rows.findOneBy({ accountId })
    if (!row || row.pendingSecret === null || (row.pendingUntil ?? 0) <= this.#now) return false
    const { pendingSecret } = row
    const step = this.#stepOf(code, this.#box.open(pendingSecret, boundTo(accountId)))
    if (step === undefined) return false
    const confirmed = { secret: pendingSecret, lastStep: step, confirmedAt: this.#now }
    const done = { ...confirmed, pendingSecret: null, pendingUntil: null }
    // The code that confirms is used up by it; of two calls with it, one gets through.
    return (await this.#rows.update({ accountId, pendingSecret }, done)) === 1
  }

  /** Uses a code up. One statement decides, so no code counts twice, in whichever process it comes. */
  async use(accountId: string, code: string): Promise<boolean> {
    const row = await this.#rows.findOneBy({ accountId })
    if (!row || row.secret === null) return false
    const step = this.#stepOf(code, this.#box.open(row.secret, boundTo(accountId)))
    if (step === undefined) return false
    const { secret } = row
    return (await this.#rows.update({ accountId, secret, lastStep: LessThan(step) }, { lastStep: step })) === 1
  }

  /** @returns Whether there was one. */
  async remove(accountId: string): Promise<boolean> {
    const wasThere = (await this.confirmedAt(accountId)) !== undefined
    await this.#rows.delete({ accountId })
    return wasThere
  }

  async #insert(accountId: string, pending: Pick<Totp, 'pendingSecret' | 'pendingUntil'>): Promise<void> {
    try {
      await this.#rows.insert({ accountId, secret: null, lastStep: 0, confirmedAt: null, ...pending })
    } catch (error) {
      if (!(error instanceof DuplicateRow)) throw error
      await this.#rows.update({ accountId }, pending)
    }
  }

  /** The step of 30 seconds whose code this is; `undefined` for a wrong one. */
  #stepOf(code: string, base32: string): number | undefined {
    if (!CODE.test(code)) return undefined
    const timestamp = this.#now
    const secret = Secret.fromBase32(base32)
    const delta = TOTP.validate({ ...FORM, token: code, secret, timestamp, window: this.#config.totpWindow })
    return delta === null ? undefined : TOTP.counter({ period: FORM.period, timestamp }) + delta
  }

  get #now(): number {
    return this.#clock.epochMs()
  }
}

function boundTo(accountId: string): string {
  return `mfa_totp.${accountId}`
}
