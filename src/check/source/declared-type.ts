/** What a parameter's type is called in the TypeScript source, and how that name was declared: the compiler erased it. */
import { readFileSync } from 'node:fs'

import type { CallSite } from '../../../decorators/index.ts'
import { sourceOf } from '../../errors/source-location.ts'
import { listItems, literally } from './running-text.ts'

/** Why nothing was left of a type at run time; `unknown` when the source does not tell. */
export type Erasure =
  | 'interface'
  | 'type alias'
  | 'type parameter'
  | 'type-only import'
  | 'union'
  | 'function type'
  | 'unknown'

export interface DeclaredType {
  /** As written: `Clock`, `Clock | undefined`. */
  readonly text: string
  readonly erasure: Erasure
}

/** @param site - Of a parameter. */
export function declaredType(site: CallSite): DeclaredType | undefined {
  const { file, line, column } = sourceOf(site)
  let source: string
  try {
    source = readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
  const start =
    source
      .split('\n')
      .slice(0, line - 1)
      .join('\n').length +
    column -
    (line === 1 ? 1 : 0)
  const parameter = source.slice(start, endOfParameter(source, start))
  const text = /^[^:(]*(?:\([^)]*\)[^:(]*)*?\??:\s*([\s\S]+)$/
    .exec(parameter)?.[1]
    ?.replace(/\s*=(?!>)[\s\S]*$/, '')
    .trim()
  return text ? { text, erasure: erasureOf(text, source) } : undefined
}

/** The list that contains `start` ends at the first comma or bracket of its own level. */
function endOfParameter(source: string, start: number): number {
  const { items, end } = listItems(`(${source.slice(start)}`, 0)
  const next = items[1]
  const length = next === undefined ? end : source.slice(start, start + next - 1).lastIndexOf(',') + 1
  return start + length - 1
}

function erasureOf(text: string, source: string): Erasure {
  if (/=>/.test(text)) return 'function type'
  if (/[|&]/.test(text)) return 'union'
  const name = /^[A-Za-z_$][\w$]*/.exec(text)?.[0]
  if (!name) return 'unknown'
  const word = `\\b${literally(name)}\\b`
  if (new RegExp(`import\\s+type\\b[^;'"]*?${word}[^;'"]*?from`).test(source)) return 'type-only import'
  if (new RegExp(`import\\s*\\{[^}]*?\\btype\\s+${word}`).test(source)) return 'type-only import'
  if (new RegExp(`\\binterface\\s+${word}`).test(source)) return 'interface'
  if (new RegExp(`\\btype\\s+${word}\\s*(?:<[^=]*>)?\\s*=`).test(source)) return 'type alias'
  if (new RegExp(`\\bclass\\s+[\\w$]+\\s*<[^>{]*?${word}`).test(source)) return 'type parameter'
  return 'unknown'
}
