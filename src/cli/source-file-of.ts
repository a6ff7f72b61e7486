/** From what the compiler wrote back to what a person wrote. */
import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'

/** The TypeScript behind a compiled file; the file itself where there is no map. */
export function sourceFileOf(file: string): string {
  try {
    const { sources } = JSON.parse(readFileSync(`${file}.map`, 'utf8')) as { readonly sources: readonly [string] }
    return resolve(dirname(file), sources[0])
  } catch {
    return file
  }
}
