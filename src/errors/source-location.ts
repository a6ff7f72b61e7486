/** From a position in the running JavaScript to the line a person wrote, through the source map beside the file. */
import { readFileSync } from 'node:fs'
import { SourceMap, type SourceMapPayload } from 'node:module'
import { dirname, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

import type { CallSite } from '../../decorators/index.ts'
import { compiledInPlace } from './running-source.ts'

/** A position in the source: `file` is an absolute path, `line` and `column` start at 1. */
export interface SourceLocation {
  readonly file: string
  readonly line: number
  readonly column: number
}

/**
 * The source position of a call site; the JavaScript position where there is no map. The running program names modules
 * by address: of a file that was compiled while it was loaded, a path means a position in the source already.
 */
export function sourceOf(site: CallSite): SourceLocation {
  return sourceReader()(site)
}

/** `sourceOf` for many sites: each file's map is read once. */
export function sourceReader(): (site: CallSite) => SourceLocation {
  const maps = new Map<string, SourceMap | undefined>()
  return (site) => {
    const isAddress = site.file.startsWith('file:')
    const file = isAddress ? fileURLToPath(site.file) : site.file
    const compiled = compiledInPlace(file)
    const written = isAddress ? compiled?.locate(site.line, site.column) : compiled && site
    if (written) return { file, line: written.line, column: written.column }
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

const INLINE_MAP = /\n\/\/# sourceMappingURL=data:application\/json;[^,\n]*base64,([\w+/=]+)\s*$/

function mapOf(file: string): SourceMap | undefined {
  try {
    return new SourceMap(JSON.parse(mapText(file)) as SourceMapPayload)
  } catch {
    return undefined
  }
}

/** Beside the file; what was compiled while it was loaded carries its own. */
function mapText(file: string): string {
  const compiled = compiledInPlace(file)
  if (!compiled) return readFileSync(`${file}.map`, 'utf8')
  return Buffer.from(INLINE_MAP.exec(compiled.text)?.[1] ?? '', 'base64').toString('utf8')
}
