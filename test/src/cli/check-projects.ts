/** Projects that exist only for a test: written below dist, where `tenon` resolves, and checked by the real command. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

import { ROOT } from '../../docs/pages.ts'
import { runLines } from './run-lines.ts'

export interface CheckedProject {
  readonly code: number
  /** Codes of the findings, or of the error that kept it from loading. */
  readonly codes: readonly string[]
  readonly notProved: number
}

interface Answer {
  readonly findings?: readonly { readonly code: string }[]
  readonly notProved?: readonly unknown[]
  readonly error?: { readonly code: string; readonly diagnostics?: readonly { readonly code: string }[] }
}

/** Writes files below dist; answers the folder. */
export function writeProject(name: string, files: Readonly<Record<string, string>>): string {
  const folder = join(ROOT, 'dist', 'check-projects', name)
  rmSync(folder, { recursive: true, force: true })
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  return folder
}

/** @param files - Of the root modules, TypeScript or JavaScript. */
export async function checkProjects(files: readonly string[]): Promise<readonly CheckedProject[]> {
  const lines = files.map((file) => ['check', '--json', '--app', file])
  const runs = await runLines(lines, { env: { TENON_ENV: 'test' } })
  return runs.map(({ code, output }) => {
    const {
      error,
      findings = error?.diagnostics ?? (error ? [error] : []),
      notProved = [],
    } = JSON.parse(output) as Answer
    return { code: code ?? 0, codes: findings.map((each) => each.code), notProved: notProved.length }
  })
}
