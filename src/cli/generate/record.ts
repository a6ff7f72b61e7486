/**
 * What was generated here, so that it can be taken back exactly: `.tenon/generated/<kind>-<name>.json`. The folder
 * ignores itself, so no repository ever sees it.
 */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

import type { SourceEdit } from './source/edit.ts'

export interface RecordedEdit {
  readonly path: string
  /** The text around it is kept as a difference: what stood between the parts that did not change. */
  readonly before: string
  readonly after: string
  readonly edits: readonly SourceEdit[]
}

export interface Recorded {
  readonly folder: string
  readonly kind: string
  readonly name: string
  readonly files: readonly { readonly path: string; readonly text: string }[]
  readonly edits: readonly RecordedEdit[]
}

/** As it stands in the file: texts as their hashes, differences without what is the same. */
interface Stored {
  readonly kind: string
  readonly name: string
  readonly files: readonly { readonly path: string; readonly hash: string }[]
  readonly edits: readonly StoredEdit[]
}

export interface StoredEdit {
  readonly path: string
  /** Of the text after the edit: with another one, the edits are taken out one by one. */
  readonly hash: string
  readonly start: number
  readonly removed: string
  readonly added: string
  readonly edits: readonly SourceEdit[]
}

export interface Known extends Stored {
  /** Where this is noted. */
  readonly file: string
}

export function record({ folder, kind, name, files, edits }: Recorded): void {
  const file = fileOf(folder, kind, name)
  const earlier = existsSync(file) ? read(file) : undefined
  const stored: Stored = {
    kind,
    name,
    files: files.map(({ path, text }) => ({ path, hash: hashOf(text) })),
    // What is generated anew with --force finds its registrations done: those of the first time count on.
    edits: edits.length > 0 ? edits.map(storedEdit) : (earlier?.edits ?? []),
  }
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(join(folder, '.tenon', '.gitignore'), '*\n')
  writeFileSync(file, `${JSON.stringify(stored, undefined, 2)}\n`)
}

/** Everything that was generated in a project. */
export function readRecords(folder: string): readonly Known[] {
  const records = join(folder, '.tenon', 'generated')
  if (!existsSync(records)) return []
  return readdirSync(records)
    .filter((name) => name.endsWith('.json'))
    .toSorted()
    .map((name) => ({ ...read(join(records, name)), file: join(records, name) }))
}

/** Forgets it, and the folders that only it needed. */
export function forget(folder: string, { file }: Known): void {
  rmSync(file)
  if (readRecords(folder).length > 0) return
  rmSync(join(folder, '.tenon', '.gitignore'), { force: true })
  removeIfEmpty(dirname(file))
  removeIfEmpty(join(folder, '.tenon'))
}

export function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

export function removeIfEmpty(folder: string): boolean {
  if (readdirSync(folder).length > 0) return false
  rmdirSync(folder)
  return true
}

function storedEdit({ path, before, after, edits }: RecordedEdit): StoredEdit {
  const least = Math.min(before.length, after.length)
  let start = 0
  while (start < least && before[start] === after[start]) start += 1
  let end = 0
  while (end < least - start && before[before.length - 1 - end] === after[after.length - 1 - end]) end += 1
  return {
    path,
    hash: hashOf(after),
    start,
    removed: before.slice(start, before.length - end),
    added: after.slice(start, after.length - end),
    edits,
  }
}

function read(file: string): Stored {
  return JSON.parse(readFileSync(file, 'utf8')) as Stored
}

function fileOf(folder: string, kind: string, name: string): string {
  return join(folder, '.tenon', 'generated', `${kind}-${name}.json`)
}
