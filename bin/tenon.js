#!/usr/bin/env node
/**
 * The `tenon` command. Plain JavaScript that any Node can read, so that an old one is told what is needed. Continues in
 * the package of the project it is called in: one program never sees two kernels.
 */
import { readFileSync } from 'node:fs'
import module, { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

const { engines } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
const needed = engines.node.replace('>=', '')

if (isOlder(process.versions.node, needed)) {
  console.error(
    `Tenon needs Node ${needed} or newer; this is ${process.versions.node}. Get it from https://nodejs.org.`,
  )
  process.exit(2)
}

// What was compiled once is read from Node's cache: the second start is faster.
module.enableCompileCache()
// Of the application's own files: the maps of every package would be kept in memory for nothing.
module.setSourceMapsSupport(true)

const { main } = await import(entry())
const exitCode = await main(process.argv.slice(2))
// What an application left open shall not keep the shell waiting; what was written arrives first.
if (exitCode !== undefined) process.stdout.write('', () => process.exit(exitCode))

/** The project's own package, else this one. */
function entry() {
  try {
    return pathToFileURL(createRequire(join(process.cwd(), 'package.json')).resolve('tenon/cli')).href
  } catch {
    return import.meta.resolve('tenon/cli')
  }
}

function isOlder(version, minimum) {
  const [major, minor] = version.split('.').map(Number)
  const [leastMajor, leastMinor] = minimum.split('.').map(Number)
  return major < leastMajor || (major === leastMajor && minor < leastMinor)
}
