/** A fact in words: `user.roles must include "agent"`. */
import type { MissingFact } from './explanation.ts'

/** @param row - What the row is called: `ticket`. */
export function printFact({ of, path, must, value }: MissingFact, row: string): string {
  const name = [of === 'caller' ? 'user' : row, ...path].join('.')
  if (must === 'be known') return value === undefined ? 'user must be known' : `user must be known by ${print(value)}`
  if (must === 'be empty' || must === 'not be empty') return `${name} must ${must}`
  return `${name} must ${must} ${print(value)}`
}

function print(value: unknown): string {
  return JSON.stringify(value) ?? String(value)
}
