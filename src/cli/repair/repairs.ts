/**
 * What `tenon check --fix` can do about which finding. A repair has one possible meaning, keeps formatting and comments,
 * and never decides who may call something.
 */
import { readFileSync, writeFileSync } from 'node:fs'

import type { Diagnostic } from '../../check/diagnostic.ts'
import { NestedUntyped } from '../../check/rules/nested-models.ts'
import { MetadataMissing, ParameterErased } from '../../check/rules/untyped-dependencies.ts'
import { ClassUnlisted } from '../../check/source-rules/rules/unlisted-classes.ts'
import type { SourceProgram, Syntax } from '../../check/source-rules/source-program.ts'
import { sourceReader } from '../../errors/source-location.ts'
import { ListUnfit } from '../generate/source/module-list.ts'
import { decorateProvider } from './decorate-provider.ts'
import { importValue } from './import-value.ts'
import { listProvider } from './list-provider.ts'
import type { Repair, Repairer } from './repair.ts'
import { typeNested } from './type-nested.ts'

const REPAIRERS: ReadonlyMap<string, Repairer> = new Map([
  [ClassUnlisted.code, listProvider],
  [MetadataMissing.code, decorateProvider],
  [ParameterErased.code, importValue],
  [NestedUntyped.code, typeNested],
])

export function repairsOf(diagnostics: readonly Diagnostic[], program: SourceProgram): readonly Repair[] {
  const locate = sourceReader()
  return diagnostics.flatMap((diagnostic) => {
    const repairer = REPAIRERS.get(diagnostic.code)
    return repairer ? repairer({ diagnostic, at: locate(diagnostic.at) }, program) : []
  })
}

/** Writes them one after the other, each into what the last one left; answers those that changed something. */
export function applyRepairs(syntax: Syntax, repairs: readonly Repair[]): readonly Pick<Repair, 'file' | 'what'>[] {
  const done = repairs.filter((repair) => {
    const text = readFileSync(repair.file, 'utf8')
    const repaired = attempt(repair, syntax, text)
    if (repaired === undefined || repaired === text) return false
    writeFileSync(repair.file, repaired)
    return true
  })
  return done.map(({ file, what }) => ({ file, what }))
}

/** A list that is no list literal stays as it is, and so does the finding. */
function attempt(repair: Repair, syntax: Syntax, text: string): string | undefined {
  try {
    return repair.apply(syntax, text)
  } catch (error) {
    if (error instanceof ListUnfit) return undefined
    throw error
  }
}
