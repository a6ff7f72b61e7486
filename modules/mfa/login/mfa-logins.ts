/** Logins that are finished by a second factor, or made by a passkey alone. */
import { Clock, securityEvents } from 'tenon'
import {
  AccountStore,
  Attempts,
  networkOf,
  OneTimeCodes,
  type AccountRecord,
  type CallerOrigin,
  type FoundCode,
  type Login,
} from 'tenon/auth'
import { Injectable } from 'tenon/decorators'

import { passwordMark } from '../factors/password-mark.ts'
import { Proofs, type Proof } from '../factors/proofs.ts'
import { MfaConfig } from '../mfa-config.ts'
import { PasskeyRefused, TicketInvalid } from '../mfa-errors.ts'
import { Passkeys } from '../passkeys/passkeys.ts'
import type { RequestAnswer, RequestOptions } from '../passkeys/web-authn.ts'

const HOUR_MS = 3_600_000

/** A login that is complete. */
export interface FinishedLogin extends Login {
  /** Where the browser was going, where redirects have led it here. */
  readonly returnTo?: string
}

interface OpenLogin {
  readonly ticket: FoundCode<'mfa-login'>
  readonly account: AccountRecord
}

@Injectable()
export class MfaLogins {
  readonly #accounts: AccountStore
  readonly #codes: OneTimeCodes
  readonly #proofs: Proofs
  readonly #passkeys: Passkeys
  readonly #attempts: Attempts
  readonly #config: MfaConfig
  readonly #clock: Clock

  constructor(
    accounts: AccountStore,
    codes: OneTimeCodes,
    proofs: Proofs,
    passkeys: Passkeys,
    attempts: Attempts,
    config: MfaConfig,
    clock: Clock,
  ) {
    this.#accounts = accounts
    this.#codes = codes
    this.#proofs = proofs
    this.#passkeys = passkeys
    this.#attempts = attempts
    this.#config = config
    this.#clock = clock
  }

  /** Options for a passkey as the second factor. @throws `MFA_TICKET_INVALID`, `MFA_FACTOR_MISSING` */
  async beginPasskey(ticket: string): Promise<RequestOptions> {
    const open = await this.#open(ticket)
    return this.#passkeys.beginProof(open.account.id, nameOf(open))
  }

  /**
   * The login whose password the ticket has proved. The ticket is used up by the right proof; a wrong one may be
   * corrected.
   * @throws `MFA_TICKET_INVALID`, `MFA_PROOF_UNCLEAR`, `MFA_PROOF_WRONG`, `MFA_PASSKEY_REFUSED`, `AUTH_TOO_MANY_ATTEMPTS`
   */
  async finish(ticket: string, proof: Proof): Promise<FinishedLogin> {
    const open = await this.#open(ticket)
    const factor = await this.#proofs.check(open.account, nameOf(open), proof)
    if (!(await this.#codes.use(open.ticket))) throw new TicketInvalid()
    this.#tell(open.account.id, factor.method)
    const { factors, returnTo } = open.ticket.payload
    return { account: open.account, factors: [...factors, factor], ...(returnTo !== undefined && { returnTo }) }
  }

  /** Options for a passkey of whoever it will be. @throws `AUTH_TOO_MANY_ATTEMPTS` */
  async beginByPasskey({ address }: CallerOrigin): Promise<RequestOptions> {
    const network = networkOf(address)
    const free = this.#config.challengesPerHour
    const limit = { free, firstWaitMs: HOUR_MS, longestWaitMs: HOUR_MS, forgetAfterMs: HOUR_MS }
    if (network !== '') await this.#attempts.count(['mfa-discover', network], limit)
    return this.#passkeys.beginDiscovery()
  }

  /** Whose passkey it is. Its user was verified, so it is two factors in one. @throws `MFA_PASSKEY_REFUSED` */
  async byPasskey(answer: RequestAnswer): Promise<Login> {
    const { accountId, method } = await this.#passkeys.discover(answer)
    const account = await this.#accounts.findById(accountId)
    if (!account || account.disabledAt !== null || account.verifiedAt === null) throw new PasskeyRefused()
    this.#tell(account.id, method)
    return { account, factors: [{ method, at: this.#now }] }
  }

  async #open(text: string): Promise<OpenLogin> {
    const ticket = await this.#codes.find('mfa-login', text)
    const account = ticket && (await this.#accounts.findById(ticket.subject))
    // A new password, or an account that was closed, ends what was begun before.
    const isSame = account?.disabledAt === null && passwordMark(account) === ticket?.payload.passwordMark
    if (!ticket || !account || !isSame) throw new TicketInvalid()
    return { ticket, account }
  }

  #tell(subject: string, method: string): void {
    const at = this.#now
    const event = { outcome: 'allowed', principalId: subject, subject, at, details: { method } } as const
    securityEvents.publish({ type: 'mfa.proof', ...event })
    securityEvents.publish({ type: 'accounts.login', ...event })
  }

  get #now(): number {
    return this.#clock.epochMs()
  }
}

/** How challenges of passkeys are bound to this login. */
function nameOf({ ticket }: OpenLogin): string {
  return `ticket:${ticket.id}`
}
