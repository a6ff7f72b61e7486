/** From a position in the running JavaScript to the line a person wrote, through the source map beside the file. */
import { readFileSync } from 'node:fs'
import { SourceMap, type SourceMapPayload } from 'node:module'
import { dirname, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

import type { CallSite } from '../../decorators/index.ts'

/** A position in the source: `file` is an absolute path, `line` and `column` start at 1. */
export interface SourceLocation {
  readonly file: string
  readonly line: number
  readonly column: number
}

/** The source position of a call site; the JavaScript position where there is no map. */
export function sourceOf(site: CallSite): SourceLocation {
  return sourceReader()(site)
}

/** `sourceOf` for many sites: each file's map is read once. */
export function sourceReader(): (site: CallSite) => SourceLocation {
  const maps = new Map<string, SourceMap | undefined>()
  return (site) => {
    const file = site.file.startsWith('file:') ? fileURLToPath(site.file) : site.file
    if (!maps.has(file)) maps.set(file, mapOf(file))
    return locate(site, file, maps.get(file))
  }
}

function locate(site: CallSite, file: string, map: SourceMap | undefined): SourceLocation {
  const mapped = map?.findEntry(site.line - 1, site.column - 1)
  if (!mapped || !('originalSource' in mapped) || !mapped.originalSource) {
    return { file, line: site.line, column: site.column }
  }
  const source = mapped.originalSource.startsWith('file:')
    ? fileURLToPath(mapped.originalSource)
    : mapped.originalSource
  return {
    file: resolve(dirname(file), source),
    line: mapped.originalLine + 1,
    column: mapped.originalColumn + 1,
  }
}

/** `src/tickets/tickets-controller.ts:12:3`, relative to the working directory where that is shorter. */
export function printLocation({ file, line, column }: SourceLocation): string {
  if (line === 0) return '<unknown place>'
  const near = relative(process.cwd(), file)
  return `${near.startsWith('..') ? file : near}:${line}:${column}`
}

function mapOf(file: string): SourceMap | undefined {
  try {
    return new SourceMap(JSON.parse(readFileSync(`${file}.map`, 'utf8')) as SourceMapPayload)
  } catch {
    return undefined
  }
}
