/**
 * Puts a dependency that consists of hundreds of files into one, because loading them one by one costs more than
 * everything else an empty application does at its start. The package stays a dependency: its types and its version
 * are the installed ones, and the licence travels with the bundle.
 */
import { cpSync, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

import { step } from './run.js'

export const BUNDLE_FOLDER = join('dist', 'vendor')

/** Bundles what package.json imports from the bundle folder, where it is missing or of another version. */
export function bundle() {
  const { imports = {} } = JSON.parse(readFileSync('package.json', 'utf8'))
  for (const { types: name, default: target } of Object.values(imports)) {
    const { version, license } = JSON.parse(readFileSync(join('node_modules', name, 'package.json'), 'utf8'))
    const banner = `/* ${name}@${version}, ${license}; see LICENSE-${name} */`
    const file = join(target)
    if (existsSync(file) && readFileSync(file, 'utf8').startsWith(banner)) continue
    mkdirSync(dirname(file), { recursive: true })
    const options = ['--bundle', '--format=esm', '--platform=node', '--target=node24', '--legal-comments=inline']
    step(`bundle ${name}@${version}`, join('node_modules', '.bin', 'esbuild'), [
      name,
      ...options,
      `--banner:js=${banner}`,
      `--outfile=${file}`,
      '--log-level=error',
    ])
    cpSync(join('node_modules', name, 'LICENSE'), join(BUNDLE_FOLDER, `LICENSE-${name}`))
  }
}
