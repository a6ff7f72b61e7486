/** The texts of a configuration value that must never reach a log. */
import type { ConfigValue } from './read-config.ts'

/** All of a secret; of any other value only the password inside a URL. */
export function secretTexts({ value, isSecret }: Pick<ConfigValue, 'value' | 'isSecret'>): readonly string[] {
  const items = itemsOf(value)
  return items.flatMap((item) => [...(isSecret ? wholeTexts(item) : []), ...passwordTexts(item)])
}

/** Of a list, and of the variables of a family. */
function itemsOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value as readonly unknown[]
  return value !== null && typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype
    ? Object.values(value)
    : [value]
}

function wholeTexts(item: unknown): readonly string[] {
  if (item instanceof Date) return []
  if (item instanceof URL) return [item.href]
  return typeof item === 'string' || typeof item === 'number' || typeof item === 'bigint' ? [String(item)] : []
}

function passwordTexts(item: unknown): readonly string[] {
  const url = item instanceof URL ? item : typeof item === 'string' && item.includes('@') ? URL.parse(item) : null
  return url?.password ? [url.password, decoded(url.password)] : []
}

function decoded(password: string): string {
  try {
    return decodeURIComponent(password)
  } catch {
    return password
  }
}
