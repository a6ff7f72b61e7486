/** `Authorization: Bearer <access token>`, and `DPoP` for tokens that are bound to a key. */
import { describeProblem, type CallContext, type DescribedProblem, type Principal } from 'tenon'
import { Injectable } from 'tenon/decorators'

import { AuthenticationScheme } from '../authentication-scheme.ts'
import { ProofInvalid, ProofMissing, ProofNonceMissing } from '../dpop/dpop-errors.ts'
import { DpopProofs, PROOF_ALGORITHMS } from '../dpop/dpop-proofs.ts'
import { AccessTokens } from './access-tokens.ts'
import { TokensConfig } from './tokens-config.ts'
import { TokenExpired, TokenInvalid, TokenRevoked } from './tokens-errors.ts'
import type { VerifiedToken } from './verified-token.ts'

const BEARER = 'Bearer '
const CREDENTIALS = /^(bearer|dpop) +(\S+) *$/i
/** An API key (`tnn_live_…`) is somebody else's; no JSON Web Token begins in lower case like that. */
const API_KEY = /^[a-z0-9]+_[a-z0-9]+_/

const PROOF_PROBLEMS: readonly DescribedProblem[] = [
  describeProblem(ProofInvalid, 'the proof of possession does not hold'),
  describeProblem(ProofMissing, 'the token is bound to a key and the call has no proof'),
]

@Injectable()
export class BearerScheme extends AuthenticationScheme {
  readonly name = 'bearer'
  readonly document = { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' }
  readonly challenge: string
  override readonly problems: readonly DescribedProblem[]
  readonly #tokens: AccessTokens
  readonly #proofs: DpopProofs
  readonly #isProofRequired: boolean

  constructor(tokens: AccessTokens, proofs: DpopProofs, { dpop, dpopNonce }: TokensConfig) {
    super()
    this.#tokens = tokens
    this.#proofs = proofs
    this.#isProofRequired = dpop === 'required'
    const algorithms = `DPoP algs="${PROOF_ALGORITHMS.join(' ')}"`
    this.problems = [
      describeProblem(TokenInvalid, 'the access token does not hold'),
      describeProblem(TokenExpired, 'the access token has expired'),
      describeProblem(TokenRevoked, 'the access token was revoked'),
      ...(dpop === 'off' ? [] : PROOF_PROBLEMS),
      ...(dpop === 'off' || !dpopNonce ? [] : [describeProblem(ProofNonceMissing, 'the proof has no nonce of ours')]),
    ]
    this.challenge = { off: 'Bearer', optional: `Bearer, ${algorithms}`, required: algorithms }[dpop]
  }

  /** Synchronous for a token that was verified before. */
  authenticate(context: CallContext): Principal | undefined | Promise<Principal | undefined> {
    const header = context.header('authorization')
    if (header === undefined) return undefined
    // Most tokens come again, and written like this: nothing else of the text needs to be looked at then.
    if (header.startsWith(BEARER)) {
      const token = header.slice(BEARER.length)
      const recalled = this.#tokens.recall(token)
      if (recalled) return this.#principalOf(recalled, context, token, false)
    }
    return this.#read(context, header)
  }

  #read(context: CallContext, header: string): Principal | undefined | Promise<Principal | undefined> {
    const credentials = CREDENTIALS.exec(header)
    if (!credentials) return undefined
    const [, scheme, token] = credentials as unknown as readonly [string, string, string]
    if (API_KEY.test(token)) return undefined
    const recalled = this.#tokens.recall(token)
    const isDpop = scheme.length === 4
    return recalled
      ? this.#principalOf(recalled, context, token, isDpop)
      : this.#tokens.verify(token).then((verified) => this.#principalOf(verified, context, token, isDpop))
  }

  #principalOf(
    { principal, keyThumbprint }: VerifiedToken,
    context: CallContext,
    token: string,
    isDpop: boolean,
  ): Principal | Promise<Principal> {
    if (keyThumbprint !== undefined) {
      // RFC 9449 §7.2: a bound token is no bearer token.
      if (!isDpop) throw new ProofMissing()
      return this.#proven(principal, keyThumbprint, context, token)
    }
    if (isDpop || this.#isProofRequired) throw new TokenInvalid('it is bound to no key')
    return principal
  }

  async #proven(principal: Principal, keyThumbprint: string, context: CallContext, token: string): Promise<Principal> {
    const proven = await this.#proofs.verify(context, token)
    if (proven === undefined) throw new ProofMissing()
    if (proven !== keyThumbprint) throw new ProofInvalid('it is signed with another key')
    return principal
  }
}
