/**
 * The built hello sample in a folder of its own, with the package installed as npm gets it (`npm run package`) and started as
 * the documentation says: `node --import tenon/register main.js`.
 */
import { cpSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** @returns the path of its program and options for Node; the folder lies in build, which each `npm run package` empties. */
export function packagedHello() {
  const folder = mkdtempSync(join(root, 'build', 'hello-'))
  const installed = join(folder, 'node_modules', 'tenon')
  mkdirSync(join(folder, 'node_modules'))
  cpSync(join(root, 'build', 'package'), installed, { recursive: true })
  cpSync(join(root, 'dist', 'samples', 'hello', 'main.js'), join(folder, 'main.js'))
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
  const register = join(installed, 'runtime', 'src', 'platform', 'register.js')
  return { script: join(folder, 'main.js'), nodeOptions: ['--import', register] }
}
