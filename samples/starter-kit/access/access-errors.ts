/** Why a call is refused before it reaches its handler. */
import { defineDiagnostic, defineError, UnauthorizedException } from 'tenon'

import type { Role } from './caller.ts'

/** RFC 9110 §11.6.1: a 401 says how to authenticate. */
const CHALLENGE = { 'www-authenticate': 'Bearer realm="service desk"' }

export class LoginRequired extends UnauthorizedException {
  constructor() {
    super('Log in first: send the token of POST /api/auth/login as "Authorization: Bearer <token>".', {
      code: 'DESK_LOGIN_REQUIRED',
      headers: CHALLENGE,
    })
  }
}

/** The same for a forged, an expired and an orphaned token: the caller's next step is the same. */
export class TokenInvalid extends UnauthorizedException {
  constructor(options: { readonly cause?: unknown } = {}) {
    super('The token is not valid, or no longer. Log in again.', {
      ...options,
      code: 'DESK_TOKEN_INVALID',
      headers: { 'www-authenticate': `${CHALLENGE['www-authenticate']}, error="invalid_token"` },
    })
  }
}

export const RoleMissing = defineError({
  code: 'DESK_ROLE_MISSING',
  status: 403,
  message: (roles: readonly Role[]) => `This is for: ${roles.join(', ')}.`,
  help: 'Ask an admin of the organisation for the role.',
})

export const AccessUndecided = defineDiagnostic({
  code: 'DESK_ACCESS_UNDECIDED',
  message: (endpoint: string, found: string) => `${endpoint} has ${found}; nobody can tell who may call it.`,
  help: 'Write either @Roles([...]) or @Public(reason) above the method or its controller.',
})
