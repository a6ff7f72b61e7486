/** Changes for people: in the shell, and as a chapter of a changelog. */
import type { Severity } from './diff/change-kinds.ts'
import type { Change } from './diff/change.ts'
import type { JudgedChange } from './judge-changes.ts'

const HEADS: Readonly<Record<Severity, string>> = {
  breaking: 'Breaks callers',
  risky: 'May surprise callers',
  safe: 'Safe',
}

export function printChanges(changes: readonly JudgedChange[]): string {
  if (changes.length === 0) return 'The contract is as it was.'
  const parts = (['breaking', 'risky', 'safe'] as const).flatMap((severity) => {
    const some = changes.filter((change) => change.severity === severity)
    return some.length === 0 ? [] : [`${HEADS[severity]} (${some.length})`, ...some.map(printOne)]
  })
  return parts.join('\n')
}

function printOne(change: JudgedChange): string {
  const { id, operation, text, fix, affects, at, waiver } = change
  return [
    `  ${id}  ${titleOf(change, operation)}: ${text}`,
    ...(change.severity === 'safe' ? [] : [`              ${change.kind}, affects ${affects}`]),
    ...(at === undefined ? [] : [`              at ${at}`]),
    ...(waiver ? [`              ${waiver.words}`] : []),
    ...(fix === undefined || waiver?.state === 'holds' ? [] : [`              ${fix}`]),
  ].join('\n')
}

function titleOf({ version }: Change, operation: string | undefined): string {
  return `${version === undefined ? '' : `[${version}] `}${operation ?? 'The API'}`
}

/** Markdown, with a heading of the second level. */
export function printChangelog(changes: readonly Change[], heading: string): string {
  return `## ${heading}\n\n${printSeverities(changes, (change) => titleOf(change, change.operation))}\n`
}

/** Markdown for callers: what would have made it safe is nothing to them. */
export function printSeverities(
  changes: readonly Change[],
  nameOf = ({ operation }: Change): string => operation ?? 'The API',
): string {
  const parts = (['breaking', 'risky', 'safe'] as const).flatMap((severity) => {
    const some = changes.filter((change) => change.severity === severity)
    const lines = some.map((change) => `- \`${nameOf(change)}\`: ${change.text}`)
    return some.length === 0 ? [] : [`### ${HEADS[severity]}`, lines.join('\n')]
  })
  return parts.join('\n\n') || 'Nothing has changed.'
}
