/**
 * The keys that sign and verify our tokens. Own keys lie in the database, so that all processes have the same; the next
 * one is published long before it signs, and the last one verifies until its tokens have expired, so no valid token is
 * ever refused because of a rotation.
 */
import type { JsonWebKey } from 'node:crypto'

import { Clock, Environment, Logger } from 'tenon'
import { DuplicateRow } from 'tenon/data'
import { Injectable, OnInit, OnReady, OnShutdown } from 'tenon/decorators'

import { readGivenKeys } from './given-keys.ts'
import { KeySetsConfig } from './key-sets-config.ts'
import { KeySecretMissing, KeysNotRotated } from './key-sets-errors.ts'
import { makeKey, readKey } from './make-key.ts'
import { openKey, sealKey } from './seal-key.ts'
import type { SigningAlgorithm, SigningKey } from './signing-key.ts'
import type { StoredKey } from './stored-key.ts'
import { StoredKeys } from './stored-keys.ts'

/** How often a process looks for the keys of others; far less than the shortest lead of a new key. */
const LOOK_MS = 30_000
/** A key id nobody knows is looked for in the database at most this often: it may be made up. */
const LOOK_AGAIN_MS = 1000
/** Longer than any access token may hold, and any clock may be wrong. */
const KEPT_MS = 90_000_000
const DAY_MS = 86_400_000

export interface Rotation {
  /** The new key signs from now on. Others who verify may not know it yet: for a key that somebody may have stolen. */
  readonly immediately?: boolean
}

@Injectable()
export class KeySet {
  readonly #config: KeySetsConfig
  readonly #stored: StoredKeys
  readonly #clock: Clock
  readonly #log: Logger
  readonly #isProduction: boolean
  #isGiven = false
  /** Oldest first. */
  #keys: readonly SigningKey[] = []
  #byId: ReadonlyMap<string, SigningKey> = new Map()
  #lastGeneration = 0
  #lookedAt = Number.NEGATIVE_INFINITY
  #looking: Promise<void> | undefined
  #timer: NodeJS.Timeout | undefined

  constructor(config: KeySetsConfig, stored: StoredKeys, clock: Clock, log: Logger, { isProduction }: Environment) {
    this.#config = config
    this.#stored = stored
    this.#clock = clock
    this.#log = log
    this.#isProduction = isProduction
  }

  /** @throws `AUTH_KEY_SECRET_MISSING`, `AUTH_KEY_SECRET_WRONG`, `AUTH_SHARED_SECRET_MISSING`, `AUTH_SIGNING_KEYS_UNREADABLE` */
  @OnInit()
  async open(): Promise<void> {
    const given = await readGivenKeys(this.#config)
    this.#isGiven = given !== undefined
    if (given) return this.#take(given.toReversed())
    if (this.#isProduction && this.#config.keySecret === undefined) throw new KeySecretMissing()
    await this.#load()
    const { algorithm } = this.#config
    if (this.#keys.at(-1)?.algorithm !== algorithm)
      await this.#add(algorithm, this.#keys.length === 0 ? 0 : this.#leadMs)
    await this.maintain()
  }

  @OnReady()
  watch(): void {
    if (this.#isGiven) return
    this.#timer = setInterval(() => {
      this.maintain().catch((error: unknown) => this.#log.error('The signing keys could not be read.', { error }))
    }, LOOK_MS).unref()
  }

  @OnShutdown()
  async close(): Promise<void> {
    clearInterval(this.#timer)
    await this.#looking?.catch(() => undefined)
  }

  /** Oldest first. */
  get all(): readonly SigningKey[] {
    return this.#keys
  }

  /** The key that signs now. */
  get current(): SigningKey {
    const now = this.#now
    return this.#keys.findLast(({ signsFrom }) => signsFrom <= now) ?? this.#keys[0]!
  }

  /** The key that a token names, if it still verifies. */
  find(keyId: string, now = this.#now): SigningKey | undefined {
    const key = this.#byId.get(keyId)
    return key && key.verifiesUntil > now ? key : undefined
  }

  /** The same, after a look into the database if nobody has looked a moment ago: another process may have made it. */
  async lookUp(keyId: string): Promise<SigningKey | undefined> {
    const found = this.find(keyId)
    if (found || this.#isGiven) return found
    if (this.#looking) await this.#looking
    else if (this.#now - this.#lookedAt >= LOOK_AGAIN_MS) await this.#load()
    return this.find(keyId)
  }

  /** What everybody may read: keys that sign, will sign, and have signed tokens that may still hold (RFC 7517 §5). */
  get published(): { readonly keys: readonly JsonWebKey[] } {
    const now = this.#now
    const keys = this.#keys.filter(({ verifiesUntil }) => verifiesUntil > now).map(({ publicJwk }) => publicJwk)
    return { keys: keys.filter((jwk) => jwk !== undefined) }
  }

  /**
   * Makes the next key. It signs after `AUTH_KEY_LEAD_SECONDS`.
   * @returns Its id.
   * @throws `AUTH_KEYS_NOT_ROTATED`
   */
  async rotate({ immediately = false }: Rotation = {}): Promise<string> {
    if (this.#isGiven) throw new KeysNotRotated()
    await this.#load()
    return this.#add(this.#config.algorithm, immediately ? 0 : this.#leadMs)
  }

  /**
   * Forgets a key that somebody may have stolen: tokens that it signed are refused, here at once and in other processes
   * within half a minute. If it is the one that signs, another one does from now on.
   * @throws `AUTH_KEYS_NOT_ROTATED`
   */
  async revoke(keyId: string): Promise<void> {
    if (this.#isGiven) throw new KeysNotRotated()
    const isCurrent = this.current.id === keyId
    if (isCurrent) await this.rotate({ immediately: true })
    await this.#stored.delete({ id: keyId })
    await this.#load()
  }

  /** Takes over what other processes did, makes the next key when it is time, and deletes what verifies nothing any more. */
  async maintain(): Promise<void> {
    if (this.#isGiven) return
    await this.#load()
    const latest = this.#keys.at(-1)
    const isDue = latest && latest.signsFrom + this.#config.keyDays * DAY_MS - this.#leadMs <= this.#now
    if (isDue) {
      const inTimeMs = latest.signsFrom + this.#config.keyDays * DAY_MS - this.#now
      await this.#add(latest.algorithm, Math.max(inTimeMs, this.#leadMs))
    }
    const ended = this.#keys.filter(({ verifiesUntil }) => verifiesUntil <= this.#now)
    for (const { id } of ended) await this.#stored.delete({ id })
  }

  async #add(algorithm: SigningAlgorithm, afterMs: number): Promise<string> {
    const { id, privateKey, publicJwk } = await makeKey(algorithm as Exclude<SigningAlgorithm, 'HS256'>)
    const jwk = JSON.stringify(privateKey.export({ format: 'jwk' }))
    try {
      await this.#stored.insert({
        id,
        generation: this.#lastGeneration + 1,
        algorithm,
        publicKey: JSON.stringify(publicJwk),
        privateKey: sealKey(id, jwk, this.#config.keySecret),
        signsFrom: this.#now + afterMs,
      })
    } catch (error) {
      // Another process was faster, and its key is as good.
      if (!(error instanceof DuplicateRow)) throw error
    }
    await this.#load()
    return this.#keys.at(-1)!.id
  }

  #load(): Promise<void> {
    return (this.#looking ??= this.#read().finally(() => {
      this.#looking = undefined
    }))
  }

  async #read(): Promise<void> {
    const rows = await this.#stored.find({ order: { generation: 'ASC' } })
    this.#lookedAt = this.#now
    this.#lastGeneration = rows.at(-1)?.generation ?? 0
    this.#take(await Promise.all(rows.map((row, index) => this.#known(row, rows[index + 1]))))
  }

  async #known(row: StoredKey, next: StoredKey | undefined): Promise<SigningKey> {
    const verifiesUntil = next ? next.signsFrom + KEPT_MS : Number.MAX_SAFE_INTEGER
    const known = this.#byId.get(row.id)
    if (known) return { ...known, verifiesUntil }
    const privateJwk = JSON.parse(openKey(row.id, row.privateKey, this.#config.keySecret)) as JsonWebKey
    const material = await readKey(privateJwk, row.algorithm)
    return { ...material, signsFrom: row.signsFrom, verifiesUntil }
  }

  #take(keys: readonly SigningKey[]): void {
    this.#keys = keys
    this.#byId = new Map(keys.map((key) => [key.id, key]))
  }

  get #now(): number {
    return this.#clock.epochMs()
  }

  get #leadMs(): number {
    return this.#config.keyLeadSeconds * 1000
  }
}
