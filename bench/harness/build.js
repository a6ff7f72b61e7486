/** Compiles the programs that are written with decorators, against the built framework of this repository. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, symlinkSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const BENCH = new URL('..', import.meta.url)
const TSC = fileURLToPath(new URL('../node_modules/typescript/bin/tsc', BENCH))

/** @param peers - Names of those that will be started. */
export function build(peers) {
  if (!existsSync(new URL('../dist/src/index.js', BENCH))) throw new Error('Build the framework first: npm run build')
  linkFramework()
  if (peers.some((peer) => peer.startsWith('tenon'))) compile('tenon')
  if (peers.some((peer) => peer.startsWith('nest'))) compile('nest')
}

/** A link, not a dependency of package.json: npm would copy all of the root's dependencies into the lock file. */
function linkFramework() {
  const link = new URL('node_modules/tenon', BENCH)
  if (existsSync(link)) return
  mkdirSync(new URL('node_modules', BENCH), { recursive: true })
  symlinkSync('../..', link, 'dir')
}

function compile(folder) {
  const { status } = spawnSync(process.execPath, [TSC, '-p', `servers/${folder}`], {
    cwd: fileURLToPath(BENCH),
    stdio: 'inherit',
  })
  if (status !== 0) throw new Error(`servers/${folder} does not compile.`)
}
