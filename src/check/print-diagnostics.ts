/** Diagnostics for a terminal: what, where with the source around it, how the wiring led there, and the fix. */
import { readFileSync } from 'node:fs'
import { styleText } from 'node:util'

import { printLocation, sourceReader, type SourceLocation } from '../errors/source-location.ts'
import type { Diagnostic, Severity } from './diagnostic.ts'

export interface PrintOptions {
  /** Where it will be written: coloured only when that is a terminal (and `NO_COLOR` is not set). */
  readonly stream?: NodeJS.WritableStream
}

type Colour = 'red' | 'yellow' | 'cyan' | 'green'
type Style = Colour | 'bold' | 'dim' | 'underline' | readonly ['bold', Colour]
type Paint = (style: Style, text: string) => string

const SEVERITY_STYLES: Readonly<Record<Severity, Colour>> = { error: 'red', warning: 'yellow', note: 'cyan' }
const SEVERITIES: readonly Severity[] = ['error', 'warning', 'note']
const CONTEXT_LINES = 1
const WIDTH = 100

/** All of them, in the order given, and a line that counts them. */
export function printDiagnostics(diagnostics: readonly Diagnostic[], { stream }: PrintOptions = {}): string {
  const paint = painter(stream)
  const locate = sourceReader()
  const sources = new Map<string, readonly string[] | undefined>()
  const linesOf = (file: string): readonly string[] | undefined => {
    if (!sources.has(file)) sources.set(file, readLines(file))
    return sources.get(file)
  }
  const printed = diagnostics.map((diagnostic) => {
    const location = locate(diagnostic.at)
    return printOne(diagnostic, location, linesOf(location.file), paint)
  })
  return [...printed, paint('bold', summarize(diagnostics))].join('\n\n')
}

/** `3 errors, 1 warning` */
export function summarize(diagnostics: readonly Diagnostic[]): string {
  const counts = SEVERITIES.map((severity) => {
    const count = diagnostics.filter((diagnostic) => diagnostic.severity === severity).length
    return count === 0 ? [] : [`${count} ${severity}${count === 1 ? '' : 's'}`]
  }).flat()
  return counts.length === 0 ? 'Nothing found.' : counts.join(', ')
}

function printOne(
  { code, severity, message, path, help }: Diagnostic,
  location: SourceLocation,
  lines: readonly string[] | undefined,
  paint: Paint,
): string {
  const style = SEVERITY_STYLES[severity]
  const rows = [
    `${paint(style, severity)} ${paint(['bold', style], code)} ${paint('dim', 'at')} ${paint('underline', printLocation(location))}`,
    ...wrap(message, '  ').map((line) => paint('bold', line)),
    ...frame(location, lines, paint, style),
    ...(path.length > 1 ? wrap(path.join(' -> '), `  ${paint('dim', 'path:')} `, '        ') : []),
    ...wrap(help, `  ${paint('green', 'fix:')}  `, '        '),
  ]
  return rows.join('\n')
}

/** The line, its neighbours, and a caret below the column; nothing where the source was not delivered. */
function frame(
  { line, column }: SourceLocation,
  lines: readonly string[] | undefined,
  paint: Paint,
  style: Colour,
): readonly string[] {
  if (!lines || line < 1 || line > lines.length) return []
  // The engine counts a decorator from behind its @.
  const start = lines[line - 1]?.[column - 2] === '@' ? column - 1 : column
  const first = Math.max(1, line - CONTEXT_LINES)
  const last = Math.min(lines.length, line + CONTEXT_LINES)
  const width = String(last).length
  const rows = lines.slice(first - 1, last).flatMap((text, index) => {
    const number = first + index
    const gutter = `${String(number).padStart(width)} |`
    const row = visible(text.replaceAll('\t', ' ')).trimEnd()
    if (number !== line) return [`    ${paint('dim', `${gutter} ${row}`)}`.trimEnd()]
    const caret = `    ${paint('dim', `${' '.repeat(width)} |`)} ${' '.repeat(start - 1)}${paint(style, '^'.repeat(wordLength(row, start)))}`
    return [`  ${paint(style, '>')} ${paint('dim', gutter)} ${row}`, caret]
  })
  return ['', ...rows, '']
}

/** A caret under each letter of the word that begins there. */
function wordLength(row: string, column: number): number {
  return /^@?[\w$]+/.exec(row.slice(column - 1))?.[0].length ?? 1
}

/** Breaks between words; a line that begins below a label is indented as far as it. */
function wrap(text: string, first: string, further: string = first): readonly string[] {
  const rows: string[] = []
  let row = ''
  for (const word of wordsOf(visible(text))) {
    if (row !== '' && row.length + word.length + further.length >= WIDTH) {
      rows.push(row)
      row = ''
    }
    row += row === '' ? word : ` ${word}`
  }
  return [...rows, row].map((each, index) => `${index === 0 ? first : further}${each}`)
}

/** Words; code between backticks, in braces or in the parentheses of a call stays in one piece. */
function wordsOf(text: string): readonly string[] {
  const words: string[] = []
  let start = 0
  for (let offset = 0; offset <= text.length; offset++) {
    if (offset === text.length || text[offset] === ' ') {
      words.push(text.slice(start, offset))
      start = offset + 1
    } else if (/^(?:[`{]|\w\()/.test(text.slice(offset))) {
      offset = endOfCode(text, offset)
    }
  }
  return words
}

/** Where the code ends that begins here; here, when it never ends or is too long for a line. */
function endOfCode(text: string, start: number): number {
  if (text[start] === '`') return Math.max(start, text.indexOf('`', start + 1))
  let depth = 0
  for (let offset = start; offset < Math.min(text.length, start + WIDTH); offset++) {
    if ('({'.includes(text[offset] ?? '')) depth += 1
    if (')}'.includes(text[offset] ?? '') && --depth <= 0) return offset
  }
  return start
}

/** What a name or value could do to a terminal, it shall not do. */
function visible(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`)
}

function painter(stream: NodeJS.WritableStream | undefined): Paint {
  if (!stream) return (_style, text) => text
  return (style, text) => styleText(style as Parameters<typeof styleText>[0], text, { stream })
}

function readLines(file: string): readonly string[] | undefined {
  try {
    return readFileSync(file, 'utf8').split(/\r?\n/)
  } catch {
    return undefined
  }
}
