/** Proofs that the caller has the key that its token is bound to (RFC 9449). */
import { hash, type JsonWebKey } from 'node:crypto'

import { Clock, HttpContext, tryCtx, type CallContext } from 'tenon'
import { Injectable } from 'tenon/decorators'

import { loadJose } from '../key-sets/jose.ts'
import { SiteConfig } from '../site-config.ts'
import { TokensConfig } from '../tokens/tokens-config.ts'
import { ProofInvalid, ProofMissing, ProofNonceMissing } from './dpop-errors.ts'
import { ProofNonces } from './proof-nonces.ts'
import { UsedProofs } from './used-proofs.ts'

/** RFC 9449 §4.3: asymmetric, and none we would not sign with ourselves. */
export const PROOF_ALGORITHMS = ['EdDSA', 'Ed25519', 'ES256', 'RS256', 'PS256', 'ML-DSA-65'] as const

const PROOF_TYPE = 'dpop+jwt'
const LONGEST_ID = 256

interface ProofClaims {
  readonly jti?: unknown
  readonly htm?: unknown
  readonly htu?: unknown
  readonly iat?: unknown
  readonly ath?: unknown
  readonly nonce?: unknown
}

@Injectable()
export class DpopProofs {
  readonly #config: TokensConfig
  readonly #used: UsedProofs
  readonly #nonces: ProofNonces
  readonly #clock: Clock
  /** The `Host` header is the caller's word; the settings are ours. */
  readonly #origin: string | undefined

  constructor(config: TokensConfig, { publicUrl }: SiteConfig, used: UsedProofs, nonces: ProofNonces, clock: Clock) {
    this.#config = config
    this.#used = used
    this.#nonces = nonces
    this.#clock = clock
    const { issuer } = config
    this.#origin = publicUrl?.origin ?? (issuer.startsWith('https://') ? new URL(issuer).origin : undefined)
  }

  /**
   * Verifies the proof that came with a call and uses it up.
   * @param accessToken - The token it must speak of; none where one is asked for.
   * @returns The thumbprint (RFC 7638) of its key; `undefined` when the call has no proof.
   * @throws `AUTH_DPOP_INVALID`, `AUTH_DPOP_NONCE`
   */
  async verify(context: CallContext, accessToken?: string): Promise<string | undefined> {
    const proof = context.header('dpop')
    if (proof === undefined || !(context instanceof HttpContext)) return undefined
    if (proof.length > this.#config.maxTokenBytes) throw new ProofInvalid('it is too long')
    const { claims, keyThumbprint } = await this.#read(proof)
    this.#requireFit(claims, context, accessToken)
    const { jti, iat } = claims as { readonly jti: string; readonly iat: number }
    const expiresAt = (iat + this.#config.dpopSeconds + 2 * this.#config.clockSkewSeconds) * 1000
    if (!(await this.#used.use(keyThumbprint, jti, Math.ceil(expiresAt)))) throw new ProofInvalid('it was used before')
    return keyThumbprint
  }

  /**
   * The key that the current call proves to have: new tokens are bound to it.
   * @throws `AUTH_DPOP_INVALID`, `AUTH_DPOP_NONCE`; `AUTH_DPOP_MISSING` where proofs are required.
   */
  async provenKey(): Promise<string | undefined> {
    const { dpop } = this.#config
    const context = tryCtx()
    if (dpop === 'off') return undefined
    const keyThumbprint = context && (await this.verify(context))
    if (dpop === 'required' && keyThumbprint === undefined) throw new ProofMissing()
    return keyThumbprint
  }

  async #read(proof: string): Promise<{ readonly claims: ProofClaims; readonly keyThumbprint: string }> {
    const { jwtVerify, EmbeddedJWK, calculateJwkThumbprint, errors } = await loadJose()
    try {
      const { payload, protectedHeader } = await jwtVerify(proof, EmbeddedJWK, {
        algorithms: [...PROOF_ALGORITHMS],
        typ: PROOF_TYPE,
        currentDate: this.#clock.now(),
        clockTolerance: this.#config.clockSkewSeconds,
      })
      return { claims: payload, keyThumbprint: await calculateJwkThumbprint(protectedHeader.jwk as JsonWebKey) }
    } catch (error) {
      // jose's own, and what Node says of a key that is none.
      if (error instanceof errors.JOSEError || error instanceof TypeError || error instanceof DOMException) {
        throw new ProofInvalid('it is not signed with its key').causedBy(error)
      }
      throw error
    }
  }

  /** RFC 9449 §4.3, in its order. */
  #requireFit(claims: ProofClaims, context: HttpContext, accessToken: string | undefined): void {
    const { jti, htm, htu, iat, ath, nonce } = claims
    const { dpopSeconds, clockSkewSeconds, dpopNonce } = this.#config
    if (typeof jti !== 'string' || jti === '' || jti.length > LONGEST_ID) throw new ProofInvalid('it has no jti')
    if (htm !== context.request.method) throw new ProofInvalid('it is for another method')
    if (typeof htu !== 'string' || withoutQuery(htu) !== this.#addressOf(context)) {
      throw new ProofInvalid('it is for another address')
    }
    if (dpopNonce && (typeof nonce !== 'string' || !this.#nonces.holds(nonce))) {
      throw new ProofNonceMissing(this.#nonces.current)
    }
    const ageSeconds = typeof iat === 'number' ? this.#clock.epochMs() / 1000 - iat : Number.NaN
    if (!(ageSeconds <= dpopSeconds + clockSkewSeconds && ageSeconds >= -clockSkewSeconds)) {
      throw new ProofInvalid('it was not made just now')
    }
    if (accessToken !== undefined && ath !== hash('sha256', accessToken, 'base64url')) {
      throw new ProofInvalid('it is for another token')
    }
  }

  #addressOf({ request }: HttpContext): string | undefined {
    return withoutQuery(`${this.#origin ?? `${request.protocol}://${request.get('host')}`}${request.originalUrl}`)
  }
}

/** RFC 9449 §4.3: compared without query and fragment, after normalization (RFC 3986 §6.2). */
function withoutQuery(address: string): string | undefined {
  if (!URL.canParse(address)) return undefined
  const { origin, pathname } = new URL(address)
  return origin + pathname
}
