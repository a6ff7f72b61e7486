/**
 * Codes that must come back once: 256 random bits, kept as a hash, for one purpose, until a time; in the database, so for all
 * processes. Those of mails prove a mailbox; other modules have purposes of their own.
 */
import { hash, randomBytes, randomUUID } from 'node:crypto'

import { Clock } from 'tenon'
import { BaseRepository, In, LessThan, MoreThan, Repository } from 'tenon/data'
import { Injectable } from 'tenon/decorators'

import { Cleaning } from '../cleaning.ts'
import { CodeInvalid } from './accounts-errors.ts'
import { OneTimeCode } from './one-time-code.ts'

/** What each purpose keeps with its codes; modules add theirs by `declare module 'tenon/auth' { interface CodePayloads { … } }`. */
export interface CodePayloads {
  'sign-up': {
    readonly passwordHash: string
    readonly roles: readonly string[]
    readonly tenant: string | null
    readonly profile: Readonly<Record<string, unknown>>
  }
  /** Somebody with an account signs up: kept alike, so that the work is the same, and good for nothing. */
  'sign-up-again': CodePayloads['sign-up']
  reset: { readonly email: string }
  'new-email': { readonly email: string }
  /** What it invites to stands in the invitation, its subject. */
  invitation: Readonly<Record<string, never>>
}

export type CodePurpose = keyof CodePayloads

export interface FoundCode<P extends CodePurpose> {
  readonly id: string
  readonly subject: string
  readonly payload: CodePayloads[P]
}

const CODE_BYTES = 32

@Repository(OneTimeCode)
export class OneTimeCodeRows extends BaseRepository<OneTimeCode> {}

@Injectable()
export class OneTimeCodes {
  readonly #rows: OneTimeCodeRows
  readonly #clock: Clock

  constructor(rows: OneTimeCodeRows, clock: Clock, cleaning: Cleaning) {
    this.#rows = rows
    this.#clock = clock
    cleaning.add(() => this.#clean())
  }

  /**
   * @param subject - Whom it is about: an account's id, or something else by which all of the same are revoked.
   * @returns The code as base64url; it must reach nobody but whom it is for.
   */
  async issue<P extends CodePurpose>(
    purpose: P,
    subject: string,
    payload: CodePayloads[P],
    lifetimeMs: number,
  ): Promise<string> {
    const code = randomBytes(CODE_BYTES).toString('base64url')
    await this.#rows.insert({
      id: randomUUID(),
      purpose,
      codeHash: hash('sha256', code),
      subject,
      payload: JSON.stringify(payload),
      expiresAt: this.#now + lifetimeMs,
    })
    return code
  }

  /** `undefined` for one that never was, was used, has expired, or was made for something else. */
  async find<P extends CodePurpose>(purpose: P, code: string): Promise<FoundCode<P> | undefined> {
    const row = await this.#rows.findOneBy({ codeHash: hash('sha256', code), purpose, expiresAt: MoreThan(this.#now) })
    return row ? { id: row.id, subject: row.subject, payload: JSON.parse(row.payload) as CodePayloads[P] } : undefined
  }

  /** @throws `AUTH_CODE_INVALID` */
  async require<P extends CodePurpose>(purpose: P, code: string): Promise<FoundCode<P>> {
    const found = await this.find(purpose, code)
    if (!found) throw new CodeInvalid()
    return found
  }

  /** Uses a code up. @returns `false` when somebody else was faster. */
  async use({ id }: Pick<FoundCode<CodePurpose>, 'id'>): Promise<boolean> {
    return (await this.#rows.delete({ id })) === 1
  }

  /** Finds it and uses it up, whatever comes of it. */
  async take<P extends CodePurpose>(purpose: P, code: string): Promise<FoundCode<P> | undefined> {
    const found = await this.find(purpose, code)
    return found && (await this.use(found)) ? found : undefined
  }

  /**
   * Uses a code up, and with it all that were made about the same. Of several calls with one code, one gets through.
   * @throws `AUTH_CODE_INVALID`
   */
  async redeem(found: FoundCode<CodePurpose>): Promise<void> {
    if (!(await this.use(found))) throw new CodeInvalid()
    await this.revoke(found.subject)
  }

  /** No code that was made about this subject counts any more. @param purposes - Default: all. */
  async revoke(subject: string, purposes?: readonly CodePurpose[]): Promise<void> {
    await this.#rows.delete({ subject, ...(purposes && { purpose: In([...purposes]) }) })
  }

  async #clean(): Promise<void> {
    await this.#rows.delete({ expiresAt: LessThan(this.#now) })
  }

  get #now(): number {
    return this.#clock.epochMs()
  }
}
