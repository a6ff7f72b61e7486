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
  // The bracket stands for the one that was opened before the parameter.
  const [parameter] = listItems(`(${source.slice(start)}`, 0).items
  const written = parameter ? source.slice(start, start + parameter.end - 1) : ''
  const text = /^[\w$\s@()'"]*?\??:\s*([\s\S]+)$/
    .exec(written)?.[1]
    ?.replace(/\s*=(?!>)[\s\S]*$/, '')
    .replace(/\s*\|\s*(?:undefined|null)\b/g, '')
    .trim()
  // A comma among type arguments ends the item: the rest of such a type is not shown.
  return text ? { text: text.replace(/<[^>]*$/, ''), erasure: erasureOf(text, source) } : undefined
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
