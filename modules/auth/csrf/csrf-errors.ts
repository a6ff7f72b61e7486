/** Why a call that a cookie would have authenticated is refused. */
import { defineError } from 'tenon'

export const CsrfOriginRefused = defineError({
  code: 'AUTH_CSRF_ORIGIN',
  status: 403,
  message: (origin: string) =>
    `This call was made by a page of ${origin}, which may not act in the name of its visitors.`,
  help: 'Call from a page of this site, list the origin in CSRF_TRUSTED_ORIGINS, or send a bearer token instead of cookies.',
})

export const CsrfTokenRefused = defineError({
  code: 'AUTH_CSRF_TOKEN',
  status: 403,
  message: (header: string) => `The call carries no CSRF token in ${header} that belongs to its session.`,
  help: 'Get one from GET <prefix>/csrf after each login, and send it with every call that changes something.',
})
