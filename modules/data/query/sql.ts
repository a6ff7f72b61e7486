/** SQL written by hand: a template whose values become parameters, never text. */
import type { DataSource } from 'typeorm'

import { SqlValueMissing } from './query-errors.ts'

export interface Statement {
  readonly text: string
  readonly parameters: readonly unknown[]
}

/**
 * A list becomes `?, ?, ?`, for `IN (${ids})`.
 * @throws `DATA_SQL_VALUE_MISSING` for `undefined` and empty lists.
 */
export function writeStatement(
  { options: { type } }: DataSource,
  strings: TemplateStringsArray,
  values: readonly unknown[],
): Statement {
  const parameters: unknown[] = []
  const bind = (value: unknown): string => {
    parameters.push(value)
    return type === 'postgres' ? `$${parameters.length}` : '?'
  }
  const text = strings.reduce((sql, part, index) => {
    const value = values[index - 1]
    if (value === undefined || (Array.isArray(value) && value.length === 0)) throw new SqlValueMissing(index)
    const placeholders = Array.isArray(value) ? value.map(bind).join(', ') : bind(value)
    return sql + placeholders + part
  })
  return { text, parameters }
}
