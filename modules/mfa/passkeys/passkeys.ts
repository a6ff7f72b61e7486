/** Passkeys of accounts: registered, used, renamed, removed. */
import { hash, randomUUID } from 'node:crypto'

import { Clock, securityEvents } from 'tenon'
import { OneTimeCodes, type FoundCode } from 'tenon/auth'
import { BaseRepository, DuplicateRow, LessThan, Repository } from 'tenon/data'
import { Injectable } from 'tenon/decorators'

import { MfaConfig } from '../mfa-config.ts'
import { FactorMissing, PasskeyKnown, PasskeyRefused, PasskeysTooMany } from '../mfa-errors.ts'
import { Passkey } from './passkey-row.ts'
import {
  readClientData,
  WebAuthn,
  type ClientData,
  type CreationAnswer,
  type CreationOptions,
  type NewPasskey,
  type PasskeyOwner,
  type RequestAnswer,
  type RequestOptions,
  type SignedAnswer,
} from './web-authn.ts'

/** Whose passkey has answered, and as which factor it counts. */
export type ProvenPasskey = Pick<Passkey, 'accountId' | 'method'>

@Repository(Passkey)
export class PasskeyRows extends BaseRepository<Passkey> {}

@Injectable()
export class Passkeys {
  readonly #rows: PasskeyRows
  readonly #codes: OneTimeCodes
  readonly #webAuthn: WebAuthn
  readonly #config: MfaConfig
  readonly #clock: Clock

  constructor(rows: PasskeyRows, codes: OneTimeCodes, webAuthn: WebAuthn, config: MfaConfig, clock: Clock) {
    this.#rows = rows
    this.#codes = codes
    this.#webAuthn = webAuthn
    this.#config = config
    this.#clock = clock
  }

  list(accountId: string): Promise<Passkey[]> {
    return this.#rows.find({ where: { accountId }, order: { createdAt: 'ASC', id: 'ASC' } })
  }

  /** @param login - Names the login that asks: its answer counts there alone. @throws `MFA_PASSKEYS_TOO_MANY` */
  async beginCreation(owner: PasskeyOwner, login: string): Promise<CreationOptions> {
    const known = await this.list(owner.id)
    this.#requireRoom(known)
    const challenge = await this.#codes.issue('mfa-register', owner.id, { login }, this.#lifetimeMs)
    return this.#webAuthn.creationOptions(owner, challenge, known)
  }

  /** @throws `MFA_PASSKEY_REFUSED`, `MFA_PASSKEY_KNOWN`, `MFA_PASSKEYS_TOO_MANY` */
  async create(accountId: string, login: string, name: string, answer: CreationAnswer): Promise<Passkey> {
    const client = readClientData(answer.response.clientDataJSON)
    const challenge = client && (await this.#codes.take('mfa-register', client.challenge))
    if (!client || challenge?.subject !== accountId || challenge.payload.login !== login) {
      return this.#refuse(accountId, 'challenge')
    }
    const verified = await this.#verifyCreation(accountId, answer, client)
    this.#requireRoom(await this.list(accountId))
    try {
      return await this.#rows.insert({
        ...verified,
        id: randomUUID(),
        accountId,
        credentialHash: hash('sha256', verified.credentialId),
        name,
        createdAt: this.#now,
        lastUsedAt: null,
      })
    } catch (error) {
      if (error instanceof DuplicateRow) throw new PasskeyKnown().causedBy(error)
      throw error
    }
  }

  /** For an account that is known, by its login so far. */
  async beginProof(accountId: string, login: string): Promise<RequestOptions> {
    const known = await this.list(accountId)
    if (known.length === 0) throw new FactorMissing('passkey')
    const challenge = await this.#codes.issue('mfa-prove', accountId, { login }, this.#lifetimeMs)
    return this.#webAuthn.requestOptions(challenge, known)
  }

  /** @throws `MFA_PASSKEY_REFUSED` */
  async prove(accountId: string, login: string, answer: RequestAnswer): Promise<ProvenPasskey> {
    const client = readClientData(answer.response.clientDataJSON)
    const challenge = client && (await this.#codes.take('mfa-prove', client.challenge))
    const passkey = await this.#find(answer.id)
    if (!client || !isFor(challenge, accountId, login)) return this.#refuse(accountId, 'challenge')
    if (passkey?.accountId !== accountId || (namedBy(answer) ?? accountId) !== accountId)
      return this.#refuse(accountId, 'credential')
    return this.#use(passkey, answer, client, false)
  }

  /** For whoever it will turn out to be. */
  async beginDiscovery(): Promise<RequestOptions> {
    const challenge = await this.#codes.issue('mfa-discover', '', {}, this.#lifetimeMs)
    return this.#webAuthn.requestOptions(challenge, [])
  }

  /** Whose passkey it is; its user was verified. @throws `MFA_PASSKEY_REFUSED` */
  async discover(answer: RequestAnswer): Promise<ProvenPasskey> {
    const client = readClientData(answer.response.clientDataJSON)
    const challenge = client && (await this.#codes.take('mfa-discover', client.challenge))
    if (!client || !challenge) return this.#refuse(undefined, 'challenge')
    const passkey = await this.#find(answer.id)
    // WebAuthn §7.2 step 6: the account that the authenticator names must be the one that the passkey belongs to.
    if (!passkey || passkey.accountId !== namedBy(answer)) return this.#refuse(passkey?.accountId, 'credential')
    return this.#use(passkey, answer, client, true)
  }

  /** @throws `MFA_FACTOR_MISSING` */
  async rename(accountId: string, id: string, name: string): Promise<void> {
    if ((await this.#rows.update({ id, accountId }, { name })) === 0) throw new FactorMissing('passkey')
  }

  /** @throws `MFA_FACTOR_MISSING` */
  async remove(accountId: string, id: string): Promise<void> {
    if ((await this.#rows.delete({ id, accountId })) === 0) throw new FactorMissing('passkey')
  }

  async removeAll(accountId: string): Promise<void> {
    await this.#rows.delete({ accountId })
  }

  #find(credentialId: string): Promise<Passkey | null> {
    return this.#rows.findOneBy({ credentialHash: hash('sha256', credentialId) })
  }

  async #use(
    passkey: Passkey,
    answer: RequestAnswer,
    client: ClientData,
    isOnlyProof: boolean,
  ): Promise<ProvenPasskey> {
    let signed: SignedAnswer | undefined
    try {
      signed = await this.#webAuthn.verifyRequest(answer, client, passkey, isOnlyProof)
    } catch (error) {
      return this.#refuse(passkey.accountId, reasonOf(error))
    }
    if (!signed) return this.#refuse(passkey.accountId, 'signature')
    const { counter, method } = signed
    const counts = counter > 0 || passkey.counter > 0
    // WebAuthn §6.1.1: a count that does not rise comes from a copy. Compared where it is written, so that of two
    // answers with one count a single one gets through.
    const criteria = { id: passkey.id, ...(counts && { counter: LessThan(counter) }) }
    const isNext = (await this.#rows.update(criteria, { counter, method, lastUsedAt: this.#now })) === 1
    if (!isNext) return this.#refuse(passkey.accountId, 'counter')
    return { accountId: passkey.accountId, method }
  }

  async #verifyCreation(accountId: string, answer: CreationAnswer, client: ClientData): Promise<NewPasskey> {
    let verified: NewPasskey | undefined
    try {
      verified = await this.#webAuthn.verifyCreation(answer, client)
    } catch (error) {
      return this.#refuse(accountId, reasonOf(error))
    }
    return verified ?? this.#refuse(accountId, 'attestation')
  }

  #requireRoom(known: readonly Passkey[]): void {
    if (known.length >= this.#config.passkeys) throw new PasskeysTooMany(this.#config.passkeys)
  }

  /** Callers are told nothing of why; who watches is. */
  #refuse(accountId: string | undefined, reason: string): never {
    securityEvents.publish({
      type: reason === 'counter' ? 'mfa.passkey-copied' : 'mfa.passkey',
      outcome: 'refused',
      at: this.#now,
      reason,
      ...(accountId !== undefined && { subject: accountId }),
    })
    throw new PasskeyRefused()
  }

  get #lifetimeMs(): number {
    return this.#config.challengeSeconds * 1000
  }

  get #now(): number {
    return this.#clock.epochMs()
  }
}

function isFor(challenge: FoundCode<'mfa-prove'> | undefined, accountId: string, login: string): boolean {
  return challenge?.subject === accountId && challenge.payload.login === login
}

/** The account that the authenticator says the passkey is of; it may leave that out where the account is known. */
function namedBy({ response: { userHandle } }: RequestAnswer): string | undefined {
  return typeof userHandle === 'string' ? Buffer.from(userHandle, 'base64url').toString('utf8') : undefined
}

/** The library's messages quote the answer, so of each only the kind is kept. */
function reasonOf(error: unknown): string {
  // A package that is missing is no fault of the answer.
  if (!(error instanceof Error) || 'status' in error) throw error
  const kinds = { 'RP ID': 'domain', origin: 'origin', 'user verif': 'user verification', 'not present': 'presence' }
  const lower = error.message.toLowerCase()
  return Object.entries(kinds).find(([part]) => lower.includes(part.toLowerCase()))?.[1] ?? 'malformed'
}
