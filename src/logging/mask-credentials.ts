/**
 * Secrets that text itself gives away: passwords in URLs, bearer tokens, query parameters with a telling name, JSON Web
 * Tokens, and keys that are made to be recognized (`tnn_live_…`, `ghp_…`).
 */
import { isSecretName } from './secret-names.ts'

/** What stands in place of a secret. */
export const REDACTED = '[redacted]'

const URL_PASSWORD = /(\b[a-z][a-z0-9+.-]{0,30}:\/\/[^\s/:@]{0,200}:)[^\s/]*@/gi
const AUTHORIZATION = /\b(bearer|basic)\s+(?=[\w.~+/-]*[\d=])[\w.~+/-]{6,}={0,2}/gi
const QUERY_PARAMETER = /([?&])([^=&#\s]{1,100})=([^&#\s"']+)/g
/** RFC 7519: the base64url of `{"`, and two more parts. The claims may stay out of a log as well as the signature. */
const JSON_WEB_TOKEN = /(?<![\w-])eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/g
/** A prefix or two, then far more chance than any word has. */
const PREFIXED_KEY = /\b([a-z][a-z0-9]{1,7}_(?:[a-z][a-z0-9]{1,7}_)?)[0-9A-Za-z]{36,}(?:_[0-9A-Za-z]{6})?\b/g

/** The text with such secrets masked. */
export function maskCredentials(text: string): string {
  let masked = text
  if (masked.includes('://')) masked = masked.replace(URL_PASSWORD, `$1${REDACTED}@`)
  if (masked.includes('=')) masked = masked.replace(QUERY_PARAMETER, maskParameter)
  if (masked.includes('eyJ')) masked = masked.replace(JSON_WEB_TOKEN, REDACTED)
  if (masked.includes('_')) masked = masked.replace(PREFIXED_KEY, `$1${REDACTED}`)
  return masked.replace(AUTHORIZATION, `$1 ${REDACTED}`)
}

function maskParameter(whole: string, separator: string, name: string): string {
  return isSecretName(name) ? `${separator}${name}=${REDACTED}` : whole
}
