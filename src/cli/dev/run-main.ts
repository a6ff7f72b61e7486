/**
 * The process that `tenon dev` restarts: runs the application's main file from its sources, and explains why when it
 * does not start.
 */
import { setImmediate } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'

import { onListening, type Listening } from '../../application/listening.ts'
import { explainImportCycle } from '../../check/source/import-cycle.ts'
import { Routes } from '../../http/routes.ts'
import { CliImportCycle } from '../cli-errors.ts'
import { EXIT } from '../exit-codes.ts'
import { printFailure } from '../print-failure.ts'
import { processIo } from '../tool-io.ts'
import { packagesUsed, prepareCompiler, registerTypeScript } from '../typescript-loader.ts'
import type { DevMessage, DevReport } from './dev-messages.ts'
import { rehearse } from './rehearse.ts'

/** By convention what shows a developer what the application does; a route like any other. */
const DEVELOPMENT_PAGE = '/_dev'

/** After so many the next one makes no start faster. */
const REHEARSALS = 6

/**
 * @param main - The file that starts the application.
 * @param root - The file of the root module: what it imports is nearly all there is, and loading it starts nothing.
 */
export async function runMain(main = '', folder = '', root = ''): Promise<void> {
  try {
    registerTypeScript(folder)
    let page: string | undefined
    const report = (): void => void process.send?.({ packages: [...packagesUsed], page } satisfies DevReport)
    onListening((listening) => {
      page = pageOf(listening)
      report()
    })
    await told(root)
    await import(pathToFileURL(main).href)
    report()
  } catch (error) {
    const cycle = explainImportCycle(error, main)
    const explained = cycle ? new CliImportCycle(cycle.name, cycle.files.join(' -> ')).causedBy(error) : error
    process.stderr.write(`${printFailure(explained, processIo())}\n`)
    process.exit(EXIT.application)
  }
}

function pageOf({ application, address }: Listening): string {
  const hasPage = application.get(Routes).find('GET', DEVELOPMENT_PAGE).length > 0
  return `${address.url}${hasPage ? DEVELOPMENT_PAGE : ''}`
}

/** Prepares for what it is told; resolves with the word to run. */
async function told(root: string): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  let isAwaited = false
  process.on('message', (message: DevMessage) => {
    if (message.step === 'preload') void prepare(message.packages, () => isAwaited)
    else if (message.step === 'load') {
      isAwaited = true
      void load(pathToFileURL(root).href)
    } else {
      // oxlint-disable-next-line node/no-process-env -- The application's environment is the tool's and the port.
      Object.assign(process.env, message.env)
      resolve()
    }
  })
  await promise
  process.removeAllListeners('message')
  process.channel?.unref()
}

/** What can be done before anybody knows what will be saved; left off where it is as soon as somebody waits. */
async function prepare(packages: readonly string[], isAwaited: () => boolean): Promise<void> {
  // In the order they were needed: a package finds what it needs in the state it expects.
  for (const url of packages) await load(url)
  if (packages.length === 0 || isAwaited()) return
  try {
    prepareCompiler()
    for (let done = 0; done < REHEARSALS && !isAwaited(); done += 1) {
      await rehearse()
      // Only now a message can come in.
      await setImmediate()
    }
  } catch {
    // What does not work here will say so where it is needed.
  }
}

/** What does not load will say so where it is needed. */
async function load(url: string): Promise<void> {
  try {
    await import(url)
  } catch {
    // See above.
  }
}
