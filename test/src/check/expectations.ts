/**
 * What fixtures say about themselves: `// expect: CODE, CODE` at the end of the line a diagnostic belongs
 * to, or `// expect below: CODE` above it.
 */
import { readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

import type { Diagnostic } from '../../../src/check/diagnostic.ts'
import { sourceOf } from '../../../src/errors/source-location.ts'

/** `CODE at file.ts:12` for each mark of a file and of the parts it imports, sorted. */
export function expectedIn(file: string): readonly string[] {
  const text = readFileSync(file, 'utf8')
  const own = text.split('\n').flatMap((line, index) => {
    const [, below, codes = ''] = /\/\/ expect( below)?: (.+)$/.exec(line) ?? []
    const place = `${basename(file)}:${index + (below ? 2 : 1)}`
    return codes === '' ? [] : codes.split(', ').map((code) => `${code} at ${place}`)
  })
  const parts = [...text.matchAll(/import\('(\.\/parts\/[\w-]+\.ts)'\)/g)].flatMap(([, part = '']) =>
    expectedIn(join(dirname(file), part)),
  )
  return [...own, ...parts].toSorted()
}

/** Diagnostics in the same words. */
export function foundIn(diagnostics: readonly Diagnostic[]): readonly string[] {
  return diagnostics
    .map(({ code, at }) => {
      const { file, line } = sourceOf(at)
      return `${code} at ${basename(file)}:${line}`
    })
    .toSorted()
}
