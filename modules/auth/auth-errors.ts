/** Why a call is refused before it is known who calls. */
import { defineError } from 'tenon'

export const AuthenticationRequired = defineError({
  code: 'AUTH_REQUIRED',
  status: 401,
  message: (_challenge: string) => 'This is for known callers, and the request carries no credential.',
  help: 'Send the credential that WWW-Authenticate asks for, or mark the endpoint @Public(reason).',
  headers: { 'www-authenticate': (challenge) => (challenge === '' ? undefined : challenge) },
})

export const PublicUrlMissing = defineError({
  code: 'AUTH_PUBLIC_URL_MISSING',
  status: 500,
  message: () => 'Nothing says where browsers find this application, so no link in a mail can lead to it.',
  help: 'Set PUBLIC_URL, such as https://desk.example.org.',
})
