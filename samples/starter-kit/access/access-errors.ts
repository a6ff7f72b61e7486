/** Why a call is refused before it reaches its handler. */
import { defineDiagnostic, defineError } from 'tenon'

import type { Role } from './caller.ts'

/** RFC 9110 §11.6.1: a 401 says how to authenticate. */
const CHALLENGE = 'Bearer realm="service desk"'

export const LoginRequired = defineError({
  code: 'DESK_LOGIN_REQUIRED',
  status: 401,
  message: () => 'Log in first: send the token of POST /api/auth/login as "Authorization: Bearer <token>".',
  help: 'POST /api/auth/login with email and password, and send the token it answers.',
  headers: () => ({ 'www-authenticate': CHALLENGE }),
})

/** The same for a forged, an expired and an orphaned token: the caller's next step is the same. */
export const TokenInvalid = defineError({
  code: 'DESK_TOKEN_INVALID',
  status: 401,
  message: () => 'The token is not valid, or no longer. Log in again.',
  help: 'POST /api/auth/login with email and password, and send the token it answers.',
  headers: () => ({ 'www-authenticate': `${CHALLENGE}, error="invalid_token"` }),
})

export const RoleMissing = defineError({
  code: 'DESK_ROLE_MISSING',
  status: 403,
  message: (roles: readonly Role[]) => `This is for: ${roles.join(', ')}.`,
  help: 'Ask an admin of the organisation for the role.',
})

export const AccessUndecided = defineDiagnostic({
  code: 'DESK_ACCESS_UNDECIDED',
  message: (endpoint: string, found: string) => `${endpoint} has ${found}; nobody can tell who may call it.`,
  help: 'Write either @Roles(...) or @Public(reason) above the method or its controller.',
})
