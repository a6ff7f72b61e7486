/** Everything that can be known of a project without running it: its graph, and its sources. */
import { readFileSync, writeFileSync } from 'node:fs'

import type { Diagnostic } from '../check/diagnostic.ts'
import { openRoutes } from '../check/rules/open-routes.ts'
import { checkSource } from '../check/source-rules/check-source.ts'
import type { Syntax } from '../check/source-rules/source-program.ts'
import type { NotProved, SourceFinding } from '../check/source-rules/source-rule.ts'
import { sourceReader, type SourceLocation } from '../errors/source-location.ts'
import { loadOptional } from './load-optional.ts'
import type { Project } from './project.ts'
import { applyRepairs, repairsOf } from './repair/repairs.ts'
import { sourceFileOf } from './source-file-of.ts'

export interface ProjectCheck {
  readonly diagnostics: readonly Diagnostic[]
  readonly notProved: readonly NotProved[]
  /** How many source files were read. */
  readonly files: number
  /** Makes the repairs that are safe; answers what was done, and where. */
  readonly repair: () => readonly Repaired[]
}

export interface Repaired {
  readonly file: string
  readonly what: string
}

const PARSER = { feature: 'Checking the sources', name: 'ts-morph', version: '28' }

export async function checkProject(project: Project): Promise<ProjectCheck> {
  const { graph, diagnostics, root } = await project.program()
  const entry = sourceFileOf(project.locate().file)
  const { ts } = await loadOptional<{ ts: Syntax }>(PARSER, project.folder)
  const { found, notProved, program } = checkSource(ts, entry, graph)
  const all = inSourceOrder([...diagnostics, ...openRoutes(graph, root), ...found.map(({ diagnostic }) => diagnostic)])
  return {
    diagnostics: all,
    notProved,
    files: program.files.length,
    // The edits first: they count in the texts that were read.
    repair: () => [...applyEdits(found), ...applyRepairs(ts, repairsOf(all, program))],
  }
}

/** From the end of each file, so that offsets hold. */
function applyEdits(findings: readonly SourceFinding[]): readonly Repaired[] {
  const edits = findings.flatMap(({ diagnostic, edits: own = [] }) =>
    own.map((edit) => ({ ...edit, what: diagnostic.message })),
  )
  for (const [file, all] of Map.groupBy(edits, (edit) => edit.file)) {
    const text = all
      .toSorted((a, b) => b.start - a.start)
      .reduce((done, each) => done.slice(0, each.start) + each.text + done.slice(each.end), readFileSync(file, 'utf8'))
    writeFileSync(file, text)
  }
  return edits.map(({ file, text, what }) => ({ file, what: `${text.trim()}: ${what}` }))
}

function inSourceOrder(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const locate = sourceReader()
  return diagnostics
    .map((diagnostic) => ({ diagnostic, at: locate(diagnostic.at) }))
    .toSorted((a, b) => compare(a.at, b.at))
    .map(({ diagnostic }) => diagnostic)
}

function compare(a: SourceLocation, b: SourceLocation): number {
  return a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line || a.column - b.column
}
