/** Files of the package this code belongs to: the repository, or what npm installed. */
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The folder with Tenon's own package.json. */
export function packageFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url))
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder)
  return folder
}

export function packageVersion(): string {
  return (JSON.parse(readFileSync(join(packageFolder(), 'package.json'), 'utf8')) as { version: string }).version
}

/** The file behind the command `tenon`: what further processes of the tool are started with. */
export function ownBinary(): string {
  return join(packageFolder(), 'bin', 'tenon.js')
}
