/** A rule that reads the sources: what it finds, how it could be repaired, and what it could not decide. */
import type { ts as TypeScript } from 'ts-morph'

import type { CallSite } from '../../../decorators/index.ts'
import type { Diagnostic } from '../diagnostic.ts'
import type { SourceProgram } from './source-program.ts'

/** A change of text that leaves the meaning as it was meant. */
export interface SourceEdit {
  readonly file: string
  /** Offsets in the file. */
  readonly start: number
  readonly end: number
  readonly text: string
}

export interface SourceFinding {
  readonly diagnostic: Diagnostic
  /** What `--fix` does, where that is safe. */
  readonly edits?: readonly SourceEdit[]
}

/** A place that a rule had to leave undecided. */
export interface NotProved {
  readonly rule: string
  /** What it could not decide, in one sentence. */
  readonly reason: string
  readonly at: CallSite
}

export interface SourceFindings {
  readonly found: readonly SourceFinding[]
  readonly notProved?: readonly NotProved[]
}

export type SourceRule = (program: SourceProgram) => SourceFindings

/** Where a node begins. */
export function siteOf(node: TypeScript.Node): CallSite {
  const file = node.getSourceFile()
  const { line, character } = file.getLineAndCharacterOfPosition(node.getStart())
  return { file: file.fileName, line: line + 1, column: character + 1 }
}

/** Visits a node and everything inside it. */
export function walk(
  syntax: SourceProgram['syntax'],
  node: TypeScript.Node,
  visit: (node: TypeScript.Node) => boolean | void,
): void {
  if (visit(node) === false) return
  syntax.forEachChild(node, (child) => walk(syntax, child, visit))
}
