/** Why a proof of possession is refused (RFC 9449). */
import { defineError } from 'tenon'

export const ProofInvalid = defineError({
  code: 'AUTH_DPOP_INVALID',
  status: 401,
  message: (reason: string) => `The DPoP proof does not hold: ${reason}.`,
  help: 'Make a new proof for each request: its method, its address, the time, a jti of its own and the hash of the token.',
  headers: { 'www-authenticate': (reason) => `DPoP error="invalid_dpop_proof", error_description="${reason}"` },
})

export const ProofMissing = defineError({
  code: 'AUTH_DPOP_MISSING',
  status: 401,
  message: () => 'The token is bound to a key, and the request has no proof of it.',
  help: 'Send the token as Authorization: DPoP <token>, with a DPoP header that is signed with the key.',
  headers: { 'www-authenticate': () => 'DPoP error="invalid_token", error_description="proof missing"' },
})

export const ProofNonceMissing = defineError({
  code: 'AUTH_DPOP_NONCE',
  status: 401,
  message: (_nonce: string) => 'The DPoP proof needs the nonce that the DPoP-Nonce header gives.',
  help: 'Repeat the request with a proof that has this nonce.',
  headers: { 'www-authenticate': () => 'DPoP error="use_dpop_nonce"', 'dpop-nonce': (nonce) => nonce },
})
