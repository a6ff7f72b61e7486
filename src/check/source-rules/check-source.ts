/** Runs every rule over the sources. */
import type { ModuleGraph } from '../../graph/module-graph.ts'
import { answeredEntities } from './rules/answered-entities.ts'
import { blockingCalls } from './rules/blocking-calls.ts'
import { concatenatedSql } from './rules/concatenated-sql.ts'
import { environmentReads } from './rules/environment-reads.ts'
import { importCycles } from './rules/import-cycles.ts'
import { injectedFields } from './rules/injected-fields.ts'
import { keptCalls } from './rules/kept-calls.ts'
import { transactions } from './rules/transactions.ts'
import { undecoratedFields } from './rules/undecorated-fields.ts'
import { unknownAnswers } from './rules/unknown-answers.ts'
import { unlistedClasses } from './rules/unlisted-classes.ts'
import { writtenSecrets } from './rules/written-secrets.ts'
import { readSources, type SourceProgram, type Syntax } from './source-program.ts'
import type { NotProved, SourceFinding, SourceRule } from './source-rule.ts'

const SOURCE_RULES: readonly SourceRule[] = [
  importCycles,
  transactions,
  answeredEntities,
  concatenatedSql,
  environmentReads,
  injectedFields,
  unlistedClasses,
  undecoratedFields,
  unknownAnswers,
  keptCalls,
  blockingCalls,
  writtenSecrets,
]

export interface SourceCheck {
  readonly found: readonly SourceFinding[]
  readonly notProved: readonly NotProved[]
  /** What was read. */
  readonly program: SourceProgram
}

/** @param entry - The source file of the root module. */
export function checkSource(syntax: Syntax, entry: string, graph: ModuleGraph): SourceCheck {
  const program = readSources(syntax, entry, graph)
  const results = SOURCE_RULES.map((rule) => rule(program))
  return {
    found: results.flatMap(({ found }) => found),
    notProved: results.flatMap(({ notProved = [] }) => notProved),
    program,
  }
}
