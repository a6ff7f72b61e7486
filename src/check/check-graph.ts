/** Runs every rule over the whole program and answers all that is wrong with it, not the first. */
import { UNKNOWN_SITE, type CallSite } from '../../decorators/index.ts'
import { sourceReader, type SourceLocation } from '../errors/source-location.ts'
import type { CheckInput, CheckRule } from './check-rule.ts'
import { defineDiagnostic, type Diagnostic } from './diagnostic.ts'
import { KERNEL_RULES } from './kernel-rules.ts'

export const CheckRuleFailed = defineDiagnostic({
  code: 'CHECK_RULE_FAILED',
  message: (owner: string, rule: string, reason: string) => `The check rule ${rule} of ${owner} failed: ${reason}`,
  help: (owner) => `Repair the rule; until then ${owner} is not checked by it.`,
})

interface OwnedRule {
  readonly rule: unknown
  readonly owner: string
  readonly at: CallSite
}

/**
 * Everything found while reading, by the kernel's rules and by those of the modules, in the order of file and line.
 * @param further - Rules of nobody's module, such as those a tool adds.
 */
export async function checkGraph(
  input: CheckInput,
  further: readonly CheckRule[] = [],
): Promise<readonly Diagnostic[]> {
  const rules: readonly OwnedRule[] = [
    ...[...KERNEL_RULES, ...further].map((rule) => ({ rule, owner: 'the kernel', at: UNKNOWN_SITE })),
    ...input.graph.modules.flatMap(({ name, options, at }) =>
      (options.rules ?? []).map((rule) => ({ rule, owner: name, at })),
    ),
  ]
  const found = await Promise.all(rules.map((rule) => run(rule, input)))
  return inSourceOrder(withoutRepeats([...input.graph.findings, ...found.flat()]))
}

async function run({ rule, owner, at }: OwnedRule, input: CheckInput): Promise<readonly Diagnostic[]> {
  const name = (typeof rule === 'function' && rule.name) || '(without a name)'
  try {
    if (typeof rule !== 'function') return [CheckRuleFailed({ at }, owner, name, 'it is no function.')]
    const found: unknown = await (rule as CheckRule)(input)
    return Array.isArray(found)
      ? (found as Diagnostic[])
      : [CheckRuleFailed({ at }, owner, name, 'it answered no list.')]
  } catch (error) {
    return [CheckRuleFailed({ at }, owner, name, error instanceof Error ? error.message : String(error))]
  }
}

/** What a base class says is found once for each class that extends it. */
function withoutRepeats(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const seen = new Set<string>()
  return diagnostics.filter(({ code, at, message }) => {
    const key = `${code} ${at.file}:${at.line}:${at.column} ${message}`
    return !seen.has(key) && seen.add(key)
  })
}

function inSourceOrder(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  if (diagnostics.length < 2) return diagnostics
  const sourceOf = sourceReader()
  return diagnostics
    .map((diagnostic) => ({ diagnostic, place: sourceOf(diagnostic.at) }))
    .sort((a, b) => compare(a.place, b.place))
    .map(({ diagnostic }) => diagnostic)
}

function compare(a: SourceLocation, b: SourceLocation): number {
  return a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line || a.column - b.column
}
