/** Compiles what changed, and removes what a deleted source left behind: a stale test would still run. */
import { existsSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { join, relative } from 'node:path'

import { bundle, BUNDLE_FOLDER, copyBrowserFiles } from './bundle.js'
import { capture, giveUp, program } from './run.js'

const EMITTED = /\.(d\.ts|js)(\.map)?$/

export function compile() {
  const { ok, output } = capture(process.execPath, [program('typescript', 'tsc'), '-p', 'tsconfig.json'])
  if (!ok) giveUp('build: failed', output)
  for (const file of emitted('dist')) if (!existsSync(sourceOf(file))) rmSync(file)
  bundle()
  copyBrowserFiles()
}

/** What was emitted for sources that hold types alone: nothing of them runs, so no test can cover them. */
export function emptyModules() {
  return emitted('dist').filter(
    (file) => file.endsWith('.js') && /^export \{\};\s*(\/\/.*\s*)?$/.test(readFileSync(file, 'utf8')),
  )
}

function emitted(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return path === BUNDLE_FOLDER ? [] : emitted(path)
    return EMITTED.test(path) ? [path] : []
  })
}

function sourceOf(file) {
  return relative('dist', file).replace(EMITTED, '.ts')
}
