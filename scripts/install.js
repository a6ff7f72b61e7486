/** Installs what is missing, and only then: no install script of a dependency runs. */
import { existsSync, lstatSync, readFileSync } from 'node:fs'

import { capture, giveUp } from './run.js'

export function installMissing() {
  if (isInstalled()) return
  console.log('Installing dependencies (npm ci) ...')
  const quiet = ['--no-audit', '--no-fund', '--no-progress', '--loglevel=error']
  // Whatever the machine leaves out elsewhere (NODE_ENV=production, omit=...), the tools are needed here.
  const { ok, output } = capture('npm', ['ci', '--ignore-scripts', '--include=dev', '--include=optional', ...quiet])
  if (!ok) giveUp('npm ci failed.', output)
}

/** npm notes at the end of an install what it installed; a broken or older install does not agree with the lock file. */
function isInstalled() {
  // A linked folder is kept by whoever linked it.
  if (lstatSync('node_modules', { throwIfNoEntry: false })?.isSymbolicLink()) return true
  if (!existsSync('node_modules/.package-lock.json')) return false

  const wanted = Object.entries(packagesOf('package-lock.json')).filter(([path]) => path !== '')
  const installed = packagesOf('node_modules/.package-lock.json')
  return wanted.every(([path, { version, optional, devOptional }]) =>
    installed[path] ? installed[path].version === version : optional || devOptional,
  )
}

function packagesOf(lockFile) {
  return JSON.parse(readFileSync(lockFile, 'utf8')).packages
}
