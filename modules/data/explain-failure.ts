/** Why a database cannot be opened, in a sentence that says what to do about it. */
import type { DatabaseTarget, ServerTarget } from './database-url.ts'
import { errorCode } from './error-code.ts'

type Explain = (server: ServerTarget, message: string, variable: string) => string

const notListening: Explain = ({ host, port }, _message, variable) =>
  `nothing listens at ${host}:${port}. Start the server there, or correct host and port in ${variable}.`
const unknownHost: Explain = ({ host }, _message, variable) =>
  `the host name ${host} is not known. Correct the host in ${variable}, or the name service of this machine.`
const noAnswer: Explain = ({ host, port }) =>
  `${host}:${port} does not answer in time. Check host, port and firewall; something else may be listening there.`
const refused: Explain = ({ username, host }, _message, variable) =>
  `the server refuses ${username} from this machine. Correct user and password in ${variable}, or allow ${username} on ${host}.`
const noDatabase: Explain = ({ database, host }, _message, variable) =>
  `there is no database ${database} on ${host}, or it may not be used. CREATE DATABASE ${database}, or correct the name in ${variable}.`
const noTls: Explain = (_server, _message, variable) =>
  `the server does not encrypt. Turn TLS on in the server, or remove ssl=true from ${variable} on a network you trust.`
const needsTls: Explain = (_server, _message, variable) =>
  `the server wants encrypted connections. Add ?ssl=true to ${variable}.`
const distrusted: Explain = ({ host }, message) =>
  `the certificate of ${host} is not trusted (${message}). Name its authority in NODE_EXTRA_CA_CERTS, or use the host name it is for.`
const full: Explain = ({ host }) =>
  `${host} takes no more connections. Raise its limit, or lower DATABASE_POOL_SIZE of the processes that use it.`
const notReady: Explain = ({ host, port }) =>
  `the server at ${host}:${port} is starting, stopping or recovering. Start the application when it is ready.`
const otherLogin: Explain = ({ username, host }) =>
  `the server at ${host} wants ${username} to log in by a means that the driver does not have. Change the plugin of the user.`
const otherProtocol: Explain = ({ kind, host, port }, _message, variable) =>
  `what listens at ${host}:${port} does not speak ${kind}. Correct scheme and port in ${variable}.`

/** Codes of Node, PostgreSQL (SQLSTATE), and MySQL and MariaDB. */
const REASONS: Readonly<Record<string, Explain>> = {
  ECONNREFUSED: notListening,
  ENOTFOUND: unknownHost,
  EAI_AGAIN: unknownHost,
  ETIMEDOUT: noAnswer,
  EHOSTUNREACH: noAnswer,
  ENETUNREACH: noAnswer,
  ECONNRESET: otherProtocol,
  PROTOCOL_CONNECTION_LOST: otherProtocol,
  PROTOCOL_UNEXPECTED_PACKET: otherProtocol,
  '28P01': refused,
  '28000': refused,
  ER_ACCESS_DENIED_ERROR: refused,
  ER_HOST_NOT_PRIVILEGED: refused,
  ER_HOST_IS_BLOCKED: refused,
  ER_NOT_SUPPORTED_AUTH_MODE: otherLogin,
  AUTH_SWITCH_PLUGIN_ERROR: otherLogin,
  '3D000': noDatabase,
  ER_BAD_DB_ERROR: noDatabase,
  ER_DBACCESS_DENIED_ERROR: noDatabase,
  HANDSHAKE_NO_SSL_SUPPORT: noTls,
  ER_SECURE_TRANSPORT_REQUIRED: needsTls,
  DEPTH_ZERO_SELF_SIGNED_CERT: distrusted,
  SELF_SIGNED_CERT_IN_CHAIN: distrusted,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: distrusted,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: distrusted,
  CERT_HAS_EXPIRED: distrusted,
  CERT_NOT_YET_VALID: distrusted,
  CERT_UNTRUSTED: distrusted,
  CERT_REVOKED: distrusted,
  ERR_TLS_CERT_ALTNAME_INVALID: distrusted,
  HANDSHAKE_SSL_ERROR: distrusted,
  '57P03': notReady,
  ER_SERVER_SHUTDOWN: notReady,
  '53300': full,
  '53400': full,
  ER_CON_COUNT_ERROR: full,
  ER_TOO_MANY_USER_CONNECTIONS: full,
}

/** Says what is wrong; a failure without a sentence of its own is told in the words of the driver. */
export function explainFailure(error: Error, target: DatabaseTarget, variable = 'DATABASE_URL'): string {
  const code = String(errorCode(error))
  const message = messageOf(error) || code
  if (target.kind === 'sqlite') return explainFile(code, target.file, message, variable)
  if (isServerWithoutTls(error)) return noTls(target, message, variable)
  if (code === '28000' && message.includes('no encryption')) return needsTls(target, message, variable)
  return REASONS[code]?.(target, message, variable) ?? message
}

/** PostgreSQL's driver has no code for it. */
export function isServerWithoutTls(error: unknown): boolean {
  return error instanceof Error && error.message === 'The server does not support SSL connections'
}

function explainFile(code: string, file: string, message: string, variable: string): string {
  if (code === 'SQLITE_CANTOPEN' || code === 'EACCES' || code === 'ENOTDIR' || code === 'EEXIST') {
    return `the file ${file} cannot be opened or created. Check its path, and who may write to its folder.`
  }
  if (code === 'SQLITE_NOTADB') return `${file} is no SQLite database. Name another file in ${variable}.`
  if (code === 'SQLITE_READONLY') return `${file} may not be written. Check who may write to it and to its folder.`
  return message
}

/** A refused connection to a name with several addresses comes without a message of its own. */
function messageOf(error: Error): string {
  const { errors } = error as { errors?: readonly Error[] }
  return error.message || errors?.[0]?.message || ''
}
