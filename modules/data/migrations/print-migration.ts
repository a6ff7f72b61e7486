/** A migration as the text of a TypeScript file that a person reads, changes and keeps. */
import type { SchemaChange } from './diff-schema.ts'
import type { Step } from './remembered.ts'
import type { Finding } from './lint-statements.ts'

export interface PrintOptions {
  /** Why it waits; it is then a contract. */
  readonly waits?: readonly string[]
}

export function printMigration(
  className: string,
  change: SchemaChange,
  findings: readonly Finding[],
  { waits }: PrintOptions = {},
): string {
  const waitsText = (waits ?? []).map((what) => `\n * Waits for the version before to be gone: ${what}.`).join('')
  const mark = waits ? '  static readonly isContract = true\n\n' : ''
  const losses = change.losses.map((loss) => `\n * Loses data: ${loss}.`).join('')
  return `/**
 * Generated from the entities. Read it before it runs: it is yours to change.${losses}${waitsText}
 */
import type { Migration, QueryRunner } from 'tenon/data'

export class ${className} implements Migration {
${mark}  async up(runner: QueryRunner): Promise<void> {
${printSteps(change.up, findings)}
  }

  async down(runner: QueryRunner): Promise<void> {
${printSteps(change.down, [])}
  }
}
`
}

function printSteps(steps: readonly Step[], findings: readonly Finding[]): string {
  return steps
    .flatMap(({ sql, parameters }) => {
      const values = parameters.length === 0 ? '' : `, ${JSON.stringify(parameters)}`
      const dangers = findings.filter(({ statement }) => statement === sql)
      return [
        ...dangers.map(({ danger, recipe }) => `    // ${danger}\n    // ${recipe}`),
        `    await runner.query(${quote(sql)}${values})`,
      ]
    })
    .join('\n')
}

/** In the quotes that leave the statement as it is, where there are such. */
function quote(sql: string): string {
  if (!/['\\\n]/.test(sql)) return `'${sql}'`
  if (!/["\\\n]/.test(sql)) return `"${sql}"`
  return `\`${sql.replaceAll(/[\\`]|\$\{/g, '\\$&')}\``
}
