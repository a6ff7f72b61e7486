/** The stack of an error as places in the source, and the lines around a place. */
import { readFileSync } from 'node:fs'
import { getSourceMapsSupport } from 'node:module'
import { fileURLToPath, pathToFileURL } from 'node:url'

import { compiledInPlace } from './running-source.ts'
import { sourceOf, type SourceLocation } from './source-location.ts'

export interface StackFrame {
  /** `TicketsService.find`; empty for anonymous code. */
  readonly name: string
  readonly location: SourceLocation
  /** Written by the application, rather than by the framework, a package or Node. */
  readonly isOwn: boolean
}

/** The floors of the framework itself: `src`, `decorators` and `modules`, wherever they are installed. */
const FRAMEWORK = ['../', '../../decorators/', '../../modules/'].map((floor) => new URL(floor, import.meta.url).href)

const FRAME =
  /^\s*at (?:(?<name>.+?) \()?(?<file>(?:file:\/\/|node:|\/|[A-Za-z]:\\)[^()]*?):(?<line>\d+):(?<column>\d+)\)?$/

/** A frame as the engine prints it: a position in the running JavaScript. */
interface RawFrame {
  readonly name: string
  readonly file: string
  readonly line: number
  readonly column: number
}

/** Innermost first, mapped through source maps where there are any. */
export function stackFrames(error: Error): readonly StackFrame[] {
  return (error.stack ?? '').split('\n').flatMap((line) => {
    const frame = parseFrame(line)
    if (!frame) return []
    return [{ name: frame.name, location: sourceOf(frame), isOwn: isApplicationFile(frame.file) }]
  })
}

/** `undefined` for a line of a stack that is no frame with a file. */
export function parseFrame(text: string): RawFrame | undefined {
  const parts = FRAME.exec(text)?.groups as FrameParts | undefined
  if (!parts) return undefined
  const { name = '', file, line, column } = parts
  return { name: name.replace(/^async /, ''), file: asSite(file), line: Number(line), column: Number(column) }
}

/** A path where Node has translated the position already: what is compiled while it is loaded keeps its name. */
function asSite(file: string): string {
  if (!file.startsWith('file:') || !getSourceMapsSupport().enabled) return file
  const path = fileURLToPath(file)
  return compiledInPlace(path) ? path : file
}

type FrameParts = Readonly<Record<'file' | 'line' | 'column', string>> & { readonly name?: string }

/** Neither Node's, nor a package's, nor the framework's. */
export function isApplicationFile(file: string): boolean {
  if (file.startsWith('node:') || file.includes('/node_modules/')) return false
  const url = file.startsWith('file:') ? file : pathToFileURL(file).href
  return !FRAMEWORK.some((floor) => url.startsWith(floor))
}

export interface CodeLine {
  readonly number: number
  readonly text: string
  readonly isHit: boolean
}

/** The source around a place; nothing when the file cannot be read. */
export function codeFrame({ file, line }: SourceLocation, around = 5): readonly CodeLine[] {
  try {
    const lines = readFileSync(file, 'utf8').split('\n')
    const from = Math.max(0, line - 1 - around)
    return lines
      .slice(from, line + around)
      .map((text, index) => ({ number: from + index + 1, text, isHit: from + index + 1 === line }))
  } catch {
    return []
  }
}
