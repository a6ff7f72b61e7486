/** Secrets that text itself gives away: passwords in URLs, bearer tokens, query parameters with a telling name. */
import { isSecretName } from './secret-names.ts'

/** What stands in place of a secret. */
export const REDACTED = '[redacted]'

const URL_PASSWORD = /(\b[a-z][a-z0-9+.-]{0,30}:\/\/[^\s/:@]{0,200}:)[^\s/]*@/gi
const AUTHORIZATION = /\b(bearer|basic)\s+(?=[\w.~+/-]*[\d=])[\w.~+/-]{6,}={0,2}/gi
const QUERY_PARAMETER = /([?&])([^=&#\s]{1,100})=([^&#\s"']+)/g

/** The text with such secrets masked. */
export function maskCredentials(text: string): string {
  let masked = text
  if (masked.includes('://')) masked = masked.replace(URL_PASSWORD, `$1${REDACTED}@`)
  if (masked.includes('=')) masked = masked.replace(QUERY_PARAMETER, maskParameter)
  return masked.replace(AUTHORIZATION, `$1 ${REDACTED}`)
}

function maskParameter(whole: string, separator: string, name: string): string {
  return isSecretName(name) ? `${separator}${name}=${REDACTED}` : whole
}
