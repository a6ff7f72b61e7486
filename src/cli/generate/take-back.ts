/** Takes back what was generated: files are removed, edits of others undone, and nothing else moves. */
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

import { FilesChanged, StillNeeded } from './generate-errors.ts'
import type { Layout } from './layout.ts'
import { forget, hashOf, removeIfEmpty, type Known, type StoredEdit } from './record.ts'
import { applyEdit, revertEdit } from './source/apply-edit.ts'
import { importsOf } from './source/imports-of.ts'

/** What was done, or would be. Paths are relative to the project. */
export interface TakenBack {
  readonly removed: readonly string[]
  readonly restored: readonly string[]
}

/** @throws `GENERATE_FILES_CHANGED`, `GENERATE_STILL_NEEDED` */
export function takeBack(
  known: Known,
  layout: Layout,
  { dryRun, force }: { readonly dryRun: boolean; readonly force: boolean },
): TakenBack {
  const there = known.files.filter(({ path }) => existsSync(join(layout.folder, path)))
  if (!force) {
    const changed = there.filter(({ path, hash }) => hashOf(readFileSync(join(layout.folder, path), 'utf8')) !== hash)
    if (changed.length > 0) throw new FilesChanged(changed.map(({ path }) => path))
    const needed = neededBy(known, layout)
    if (needed.length > 0) throw new StillNeeded(`${known.kind} ${known.name}`, needed)
  }
  const restored = known.edits.flatMap((edit) => undo(edit, layout) ?? [])
  const done = { removed: there.map(({ path }) => path), restored: restored.map(({ path }) => path) }
  if (dryRun) return done

  for (const { path, text } of restored) writeFileSync(join(layout.folder, path), text)
  for (const { path } of there) rmSync(join(layout.folder, path))
  for (const { path } of there) removeEmptyFolders(layout.folder, dirname(path))
  forget(layout.folder, known)
  return done
}

/** Files that would not compile without it: they import a file of it, and are neither of it nor edited by it. */
function neededBy(known: Known, layout: Layout): readonly string[] {
  const own = new Set(known.files.map(({ path }) => join(layout.folder, path)))
  const edited = new Set(known.edits.map(({ path }) => join(layout.folder, path)))
  return layout.files
    .filter((file) => !own.has(file) && !edited.has(file))
    .filter((file) => importsOf(layout, file).some((target) => own.has(target)))
    .map((file) => file.slice(layout.folder.length + 1))
}

/** As it was before where nobody wrote into it since; else without what was added. */
function undo(
  edit: StoredEdit,
  { folder, syntax }: Layout,
): { readonly path: string; readonly text: string } | undefined {
  const file = join(folder, edit.path)
  if (!existsSync(file)) return undefined
  const now = readFileSync(file, 'utf8')
  if (hashOf(now) === edit.hash) {
    return {
      path: edit.path,
      text: now.slice(0, edit.start) + edit.removed + now.slice(edit.start + edit.added.length),
    }
  }
  const text = edit.edits.toReversed().reduce((rest, each) => {
    // Somebody has taken it out already.
    if (applyEdit(syntax, rest, each) !== undefined && each.kind !== 'member') return rest
    return revertEdit(syntax, rest, each)
  }, now)
  return { path: edit.path, text }
}

function removeEmptyFolders(project: string, folder: string): void {
  for (let each = folder; each !== '.' && existsSync(join(project, each)); each = dirname(each)) {
    if (!removeIfEmpty(join(project, each))) return
  }
}
