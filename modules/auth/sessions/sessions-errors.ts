/** Why a session does not count. */
import { defineError } from 'tenon'

/** The same for one that never was, has ended, or was revoked. */
export const SessionInvalid = defineError({
  code: 'AUTH_SESSION_INVALID',
  status: 401,
  message: () => 'The session has ended. Log in again.',
  help: 'Log in again; sessions end when unused, after a day, and when their owner signs out everywhere.',
})

export const SessionMissing = defineError({
  code: 'AUTH_SESSION_MISSING',
  status: 404,
  message: (id: string) => `There is no session ${id}.`,
  help: 'List the sessions again; it may have ended by itself.',
})

export const SessionNotHere = defineError({
  code: 'AUTH_SESSION_NOT_HERE',
  status: 409,
  message: () => 'This call was not made with a session, and what was asked for changes one.',
  help: 'Ask only where SESSION is in the context: the caller may have come with a token or key.',
})

export const SessionDataTooLarge = defineError({
  code: 'AUTH_SESSION_DATA_TOO_LARGE',
  status: 500,
  message: (bytes: number, limit: number) =>
    `The data of a session would take ${bytes} bytes; at most ${limit} are kept.`,
  help: 'Keep what is large in the database, and its key in the session.',
})

export const SessionInsecure = defineError({
  code: 'AUTH_SESSION_INSECURE',
  status: 500,
  message: () => 'Session cookies are not secure in production: anybody on the way could take a session over.',
  help: 'Remove SESSION_SECURE=false (or secure: false), and serve over HTTPS (a proxy in front may do it).',
})
