/** Compiles what changed, and removes what a deleted source left behind: a stale test would still run. */
import { existsSync, readdirSync, rmSync } from 'node:fs'
import { join, relative } from 'node:path'

import { capture, giveUp, program } from './run.js'

const EMITTED = /\.(d\.ts|js)(\.map)?$/

export function compile() {
  const { ok, output } = capture(process.execPath, [program('typescript', 'tsc'), '-p', 'tsconfig.json'])
  if (!ok) giveUp('build: failed', output)
  removeStale('dist')
}

function removeStale(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) removeStale(path)
    else if (EMITTED.test(path) && !existsSync(relative('dist', path).replace(EMITTED, '.ts'))) rmSync(path)
  }
}
