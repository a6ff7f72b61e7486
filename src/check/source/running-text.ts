/** The JavaScript that runs, as text: what decorators cannot record is read from it, only for findings to be reported. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

import type { CallSite } from '../../../decorators/index.ts'

/** A position in a file's text. */
export interface TextPosition {
  readonly text: string
  readonly offset: number
}

/** The text of the file a site is in, and the site's offset; `undefined` when it cannot be read. */
export function textAt(site: CallSite): TextPosition | undefined {
  try {
    const text = readFileSync(site.file.startsWith('file:') ? fileURLToPath(site.file) : site.file, 'utf8')
    const before = text.split('\n').slice(0, site.line - 1)
    return { text, offset: before.reduce((sum, line) => sum + line.length + 1, 0) + site.column - 1 }
  } catch {
    return undefined
  }
}

/** The site of another offset in the same file. */
export function siteAt({ file }: CallSite, text: string, offset: number): CallSite {
  const before = text.slice(0, offset).split('\n')
  return { file, line: before.length, column: (before.at(-1)?.length ?? 0) + 1 }
}

/** A name as part of a regular expression. */
export function literally(name: string): string {
  return name.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
}

const OPENING = '([{'
const CLOSING = ')]}'

/**
 * Offsets at which the items of a bracketed list begin, and where it ends.
 * @param start - Offset of the opening bracket.
 */
export function listItems(text: string, start: number): { readonly items: readonly number[]; readonly end: number } {
  const items: number[] = []
  let depth = 0
  let expecting = false
  for (let offset = start; offset < text.length; offset++) {
    const skipped = endOfSkipped(text, offset)
    const char = text[offset] ?? ''
    if (CLOSING.includes(char)) {
      depth -= 1
      if (depth === 0) return { items, end: offset }
      continue
    }
    if (expecting && !/\s/.test(char) && !text.startsWith('/*', offset) && !text.startsWith('//', offset)) {
      items.push(offset)
      expecting = false
    }
    if (OPENING.includes(char)) {
      depth += 1
      if (depth === 1) expecting = true
    } else if (char === ',' && depth === 1) expecting = true
    offset = skipped
  }
  return { items, end: text.length }
}

/** The last offset of the string or comment that begins here; the offset itself where none does. */
function endOfSkipped(text: string, offset: number): number {
  const char = text[offset] ?? ''
  if (text.startsWith('//', offset)) return orEnd(text, text.indexOf('\n', offset))
  if (text.startsWith('/*', offset)) return orEnd(text, text.indexOf('*/', offset + 2) + 1)
  if (!`'"\``.includes(char)) return offset
  for (let end = offset + 1; end < text.length; end++) {
    if (text[end] === '\\') end += 1
    else if (text[end] === char) return end
  }
  return text.length
}

function orEnd(text: string, offset: number): number {
  return offset <= 0 ? text.length : offset
}
