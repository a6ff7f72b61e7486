/** How a configuration value looks in a message or a report, where secrets must not be read. */
import type { EnvFact } from '../../decorators/index.ts'
import { isSecretName } from '../logging/secret-names.ts'
import { maskCredentials } from '../logging/mask-credentials.ts'

/** What stands in place of a secret, whatever its length. */
export const MASK = '********'

const LONGEST = 80

/**
 * Whether the value may not be shown: it says so, or is text under a name that speaks of a password, token or key
 * (`secret: false` says it is not one).
 */
export function isSecretField({ variable, options }: EnvFact, type: unknown): boolean {
  return options.secret ?? (type !== Number && type !== Boolean && isSecretName(variable))
}

/** A value on one line, with passwords inside URLs masked. */
export function showValue(value: unknown, isSecret: boolean): string {
  if (value === undefined) return 'not set'
  if (isSecret) return MASK
  const text = maskCredentials(plainText(value))
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}...` : text
}

/** The value as an addition to a message; nothing for secrets, and nothing that may be a malformed URL with a password. */
export function quoteValue(value: unknown, isSecret: boolean): string {
  if (isSecret || value === undefined) return ''
  const shown = showValue(value, false)
  return shown.includes('@') ? '' : `: ${shown}`
}

function plainText(value: unknown): string {
  if (value instanceof Date && !Number.isNaN(value.getTime())) return value.toISOString()
  if (value instanceof URL) return value.href
  if (typeof value === 'string' || Array.isArray(value)) return JSON.stringify(value)
  if (typeof value === 'function') return `[function ${value.name}]`
  if (typeof value === 'object' && value !== null) return `[${value.constructor?.name ?? 'object'}]`
  return String(value)
}
