/** The pages of the rules: a wrong and a right program each, as files of a project. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import { ROOT } from './pages.ts'

export interface RuleExample {
  readonly page: string
  readonly code: string
  readonly kind: 'wrong' | 'right'
  /** By name; the root module is in `app-module.ts`. */
  readonly files: Readonly<Record<string, string>>
}

export function readRuleExamples(): readonly RuleExample[] {
  const folder = join(ROOT, 'docs', 'rules')
  return readdirSync(folder)
    .filter((file) => file !== 'index.md')
    .flatMap((page) => {
      const text = readFileSync(join(folder, page), 'utf8')
      const code = /^`([A-Z_]+)`/m.exec(text)![1]!
      return (['wrong', 'right'] as const).map((kind) => ({ page, code, kind, files: filesIn(sectionOf(text, kind)) }))
    })
}

function sectionOf(text: string, kind: string): string {
  return text.split(/^## /m).find((section) => section.toLowerCase().startsWith(kind))!
}

function filesIn(section: string): Readonly<Record<string, string>> {
  const blocks = [...section.matchAll(/^```ts(?: (\S+))?\n([\s\S]*?)^```/gm)]
  return Object.fromEntries(blocks.map(([, name = 'app-module.ts', source = '']) => [name, source]))
}
