/** The Node the framework needs, and the way there from an older one. */
import { dirname, delimiter } from 'node:path'

import { become, capture, giveUp } from './run.js'

const NEEDED = [24, 11]

export function isNodeTooOld(version = process.versions.node) {
  const [major, minor] = version.split('.').map(Number)
  return major < NEEDED[0] || (major === NEEDED[0] && minor < NEEDED[1])
}

/**
 * Runs this same command line again under a newer Node. npx only says where that Node is: run through npx it would have
 * two more processes above it, which a signal has to find its way through.
 */
export function continueUnderNewerNode(args) {
  console.log(`Node ${process.versions.node} is older than ${NEEDED.join('.')}: continuing under npx -y node@24.`)

  const asked = capture('npx', ['-y', 'node@24', '-p', 'process.version+process.execPath'])
  const [, version, node] = /^v(\d+\.\d+\.\d+)(.+)$/m.exec(asked.stdout) ?? []
  if (!node) giveUp(`npx -y node@24 did not work. Install Node ${NEEDED.join('.')} or newer.`, asked.output)
  if (isNodeTooOld(version)) {
    giveUp(`npx -y node@24 has Node ${version} in its cache. Remove it with: npm cache npx rm --all`, '')
  }

  // First on the path, so that npm and everything else started from here runs under it too.
  become(node, args, { ...process.env, PATH: `${dirname(node)}${delimiter}${process.env.PATH}` })
}
