/** What a generator wants: files of its own, and edits of others. Nothing is written before all of it is known to work. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, relative } from 'node:path'

import { FileThere, SourceUnfit } from './generate-errors.ts'
import type { Layout } from './layout.ts'
import { record, type Recorded, type RecordedEdit } from './record.ts'
import { applyEdit } from './source/apply-edit.ts'
import type { SourceEdit } from './source/edit.ts'
import { isEmptyList, ListUnfit } from './source/module-list.ts'

export interface NewFile {
  /** Absolute. */
  readonly file: string
  readonly text: string
}

export interface FileEdit {
  /** Absolute. */
  readonly file: string
  readonly edit: SourceEdit
}

export interface Plan {
  /** `resource` */
  readonly kind: string
  /** `product` */
  readonly name: string
  readonly files: readonly NewFile[]
  readonly edits: readonly FileEdit[]
  /** What is left to do by hand. */
  readonly note?: string
}

/** What was done, or would be. Paths are relative to the project. */
export interface Outcome {
  readonly created: readonly string[]
  readonly overwritten: readonly string[]
  readonly changed: readonly string[]
}

export interface WriteOptions {
  readonly dryRun: boolean
  readonly force: boolean
}

/**
 * Writes it all, and notes how to take it back.
 * @throws `GENERATE_FILE_THERE`, `GENERATE_SOURCE_UNFIT`
 */
export function carryOut(plan: Plan, layout: Layout, { dryRun, force }: WriteOptions): Outcome {
  const path = (file: string): string => relative(layout.folder, file)
  const there = plan.files.filter(({ file }) => existsSync(file))
  if (there.length > 0 && !force) throw new FileThere(there.map(({ file }) => path(file)))

  const edited = editTexts(plan, layout)
  const outcome: Outcome = {
    created: plan.files.filter((each) => !there.includes(each)).map(({ file }) => path(file)),
    overwritten: there.map(({ file }) => path(file)),
    changed: edited.map(({ file }) => path(file)),
  }
  if (dryRun) return outcome
  for (const { file, text } of plan.files) {
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
  }
  for (const { file, after } of edited) writeFileSync(file, after)
  record(recordOf(plan, layout, edited))
  return outcome
}

interface EditedText {
  readonly file: string
  readonly before: string
  readonly after: string
  readonly edits: readonly SourceEdit[]
}

/** Each file with all of its edits; those that say what is there already are left out. */
function editTexts({ edits }: Plan, layout: Layout): readonly EditedText[] {
  return [...Map.groupBy(edits, ({ file }) => file)].flatMap(([file, all]) => {
    const before = readFileSync(file, 'utf8')
    let after = before
    const done: SourceEdit[] = []
    for (const { edit } of all) {
      const next = tryEdit(layout, file, after, edit)
      if (next === undefined) continue
      done.push(edit.kind === 'listed' ? { ...edit, wasEmpty: isEmptyList(layout.syntax, after, edit) } : edit)
      after = next
    }
    return done.length === 0 ? [] : [{ file, before, after, edits: done }]
  })
}

function tryEdit({ syntax, folder }: Layout, file: string, text: string, edit: SourceEdit): string | undefined {
  try {
    return applyEdit(syntax, text, edit)
  } catch (error) {
    if (error instanceof ListUnfit) throw new SourceUnfit(relative(folder, file), error.message)
    throw error
  }
}

function recordOf({ kind, name, files }: Plan, { folder }: Layout, edited: readonly EditedText[]): Recorded {
  return {
    folder,
    kind,
    name,
    files: files.map(({ file, text }) => ({ path: relative(folder, file), text })),
    edits: edited.map(({ file, before, after, edits }): RecordedEdit => ({
      path: relative(folder, file),
      before,
      after,
      edits,
    })),
  }
}
