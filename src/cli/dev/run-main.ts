/**
 * The process that `tenon dev` restarts: runs the application's main file from its sources, and explains why when it
 * does not start.
 */
import { pathToFileURL } from 'node:url'

import { onListening, type Listening } from '../../application/listening.ts'
import { explainImportCycle } from '../../check/source/import-cycle.ts'
import { Routes } from '../../http/routes.ts'
import { CliImportCycle } from '../cli-errors.ts'
import { EXIT } from '../exit-codes.ts'
import { printFailure } from '../print-failure.ts'
import { processIo } from '../tool-io.ts'
import { packagesUsed, registerTypeScript } from '../typescript-loader.ts'
import type { DevMessage, DevReport } from './dev-messages.ts'

/** By convention what shows a developer what the application does; a route like any other. */
const DEVELOPMENT_PAGE = '/_dev'

/**
 * @param main - The file that starts the application.
 * @param root - The file of the root module: what it imports is nearly all there is, and loading it starts nothing.
 */
export async function runMain(main = '', folder = '', root = ''): Promise<void> {
  try {
    registerTypeScript(folder)
    let page: string | undefined
    onListening((listening) => (page = pageOf(listening)))
    await told(root)
    await import(pathToFileURL(main).href)
    process.send?.({ packages: [...packagesUsed], page } satisfies DevReport)
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

/** Loads ahead what it is told to; resolves with the word to run. */
async function told(root: string): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  process.on('message', (message: DevMessage) => {
    if (message.step === 'preload') void loadAll(message.packages)
    else if (message.step === 'load') void load(pathToFileURL(root).href)
    else {
      // oxlint-disable-next-line node/no-process-env -- The application's environment is the tool's and the port.
      Object.assign(process.env, message.env)
      resolve()
    }
  })
  await promise
  process.removeAllListeners('message')
  process.channel?.unref()
}

async function loadAll(urls: readonly string[]): Promise<void> {
  // In the order they were needed: a package finds what it needs in the state it expects.
  for (const url of urls) await load(url)
}

/** What does not load will say so where it is needed. */
async function load(url: string): Promise<void> {
  try {
    await import(url)
  } catch {
    // See above.
  }
}
