/** The JavaScript that runs, as text: what decorators cannot record is read from it, only for findings to be reported. */
import { fileURLToPath } from 'node:url'

import type { CallSite } from '../../../decorators/index.ts'
import { runningText } from '../../errors/running-source.ts'

/** A position in a file's text. */
export interface TextPosition {
  readonly text: string
  readonly offset: number
}

/** The text of the file a site is in, and the site's offset; `undefined` when it cannot be read. */
export function textAt(site: CallSite): TextPosition | undefined {
  try {
    const text = runningText(site.file.startsWith('file:') ? fileURLToPath(site.file) : site.file)
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

/** One item of a bracketed list: from its first character to what ends it. */
export interface ListItem {
  readonly start: number
  readonly end: number
}

/**
 * The items of a bracketed list, comments around them left out, and where it ends.
 * @param start - Offset of the opening bracket.
 */
export function listItems(text: string, start: number): { readonly items: readonly ListItem[]; readonly end: number } {
  const items: ListItem[] = []
  let depth = 0
  let begun: number | undefined
  for (let offset = start; offset < text.length; offset++) {
    const char = text[offset] ?? ''
    const closes = CLOSING.includes(char)
    if ((closes && depth === 1) || (char === ',' && depth === 1)) {
      if (begun !== undefined) items.push({ start: begun, end: offset })
      begun = undefined
      if (closes) return { items, end: offset }
      continue
    }
    const isComment = text.startsWith('/*', offset) || text.startsWith('//', offset)
    if (depth > 0 && begun === undefined && !isComment && !/\s/.test(char)) begun = offset
    if (OPENING.includes(char)) depth += 1
    else if (closes) depth -= 1
    offset = endOfSkipped(text, offset)
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
