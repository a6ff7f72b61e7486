/** The built hello sample in a folder of its own, with the package installed as npm gets it (`npm run package`). */
import { cpSync, mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** @returns the path of its program; the folder lies in build, which each `npm run package` empties. */
export function packagedHello() {
  const folder = mkdtempSync(join(root, 'build', 'hello-'))
  mkdirSync(join(folder, 'node_modules'))
  symlinkSync(join(root, 'build', 'package'), join(folder, 'node_modules', 'tenon'))
  cpSync(join(root, 'dist', 'samples', 'hello', 'main.js'), join(folder, 'main.js'))
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
  return join(folder, 'main.js')
}
