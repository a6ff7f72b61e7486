/**
 * What `npm start`, `npm test` and the other commands of package.json run: `node scripts/launch.js <command>`.
 * Plain JavaScript without dependencies, for any Node from 18 on: it runs before anything is installed or built, and
 * continues under the Node the framework needs.
 */
import { fileURLToPath } from 'node:url'

import {
  bench,
  build,
  check,
  checkClient,
  checkPackage,
  coverage,
  makePackage,
  start,
  stockTest,
  tenMinutes,
  test,
} from './commands.js'
import { installMissing } from './install.js'
import { continueUnderNewerNode, isNodeTooOld } from './node-version.js'

const COMMANDS = {
  start,
  test,
  check,
  build,
  bench,
  coverage,
  'check:client': checkClient,
  'check:package': checkPackage,
  package: makePackage,
  'first-ten-minutes': tenMinutes,
  'test:stock': stockTest,
}

const [name = '', ...args] = process.argv.slice(2)
const command = COMMANDS[name]

if (!command) {
  console.error(`Unknown command "${name}". Known: ${Object.keys(COMMANDS).join(', ')}.`)
  process.exit(2)
}

process.chdir(fileURLToPath(new URL('..', import.meta.url)))

if (isNodeTooOld()) {
  continueUnderNewerNode([fileURLToPath(import.meta.url), name, ...args])
} else {
  installMissing()
  await command(args)
}
