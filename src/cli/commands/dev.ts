/** `tenon dev`: runs the sources, and again after each save. */
import { existsSync } from 'node:fs'
import { basename, dirname, relative } from 'node:path'

import { readEnvironment } from '../../config/read-environment.ts'
import { sourceFileOf } from '../source-file-of.ts'
import { CliAppNotFound } from '../cli-errors.ts'
import { DevProcess } from '../dev/dev-process.ts'
import { freePort } from '../dev/free-port.ts'
import { openPage } from '../dev/open-page.ts'
import { TypeCheck } from '../dev/type-check.ts'
import { isEnvFile, watchSources } from '../dev/watch-sources.ts'
import { locateMain } from '../locate-app.ts'
import { toolCommand, type ToolCall } from '../tool-command.ts'
import { painter } from '../tool-io.ts'

const DEFAULT_PORT = 3000

export const dev = toolCommand('dev', {
  description: 'Runs the application from its sources, and again after each save',
  options: {
    '--port <number>': 'where it listens; PORT, else 3000. When it is taken, the next one',
    '--no-types': 'do not check types beside',
    '--open': 'open the development page, else the application, in the browser',
  },
  examples: ['tenon dev', 'tenon dev --port 4000 --open'],
  run: async (call) => {
    const { folder } = call.project
    const main = sourceMain(call)
    const paint = painter(call.io.errors)
    const say = (text: string): void => call.progress(`${paint('cyan', 'dev')} ${text}`)
    const app = new DevProcess({
      main,
      root: sourceFileOf(call.project.locate().file),
      folder,
      onExit: (code) => say(`The application ended (${code ?? 'killed'}); it starts again after the next save.`),
    })
    const types = new TypeCheck(folder, say)
    let port = await choosePort(call, say)
    const begin = queued(async (file: string | undefined) => {
      const from = performance.now()
      if (file !== undefined && isEnvFile(basename(file))) port = await choosePort(call, say, port).catch(() => port)
      const report = await app.restart({ PORT: String(port) })
      // What ended instead has said why, and `onExit` what happens next.
      if (report) {
        const reason = file === undefined ? 'Started' : `Restarted for ${relative(folder, file)}`
        const where = report.page === undefined ? '' : `: ${paint('underline', report.page)}`
        say(`${reason} (${Math.round(performance.now() - from)} ms)${where}`)
      }
      if (file === undefined && call.flag('open') && report?.page !== undefined) openPage(report.page)
      if (!call.isOff('types')) types.run()
    })
    // Before the start: what is saved while it goes on counts.
    const stopWatching = watchSources(dirname(main), folder, begin)
    begin(undefined)
    await interrupted()
    stopWatching()
    types.stop()
    await app.stop()
    return undefined
  },
})

/** The TypeScript that starts the application; `main.ts` beside the root module. */
function sourceMain({ project, io }: ToolCall): string {
  const located = project.locate()
  const main = locateMain({ folder: located.folder, file: sourceFileOf(located.file) })
  if (main === undefined || !existsSync(main)) throw new CliAppNotFound(io.cwd, 'main.ts beside the root module')
  return sourceFileOf(main)
}

/**
 * @param own - The port that the running application has: it may keep it.
 * @throws when the environment cannot be read.
 */
async function choosePort(call: ToolCall, say: (text: string) => void, own?: number): Promise<number> {
  const { variables } = readEnvironment({ cwd: call.project.folder })
  const wanted = call.number('port', Number(variables['PORT'] ?? DEFAULT_PORT))
  const port = await freePort(wanted, own)
  if (port !== wanted && port !== own) say(`Port ${wanted} is taken; using ${port}.`)
  return port
}

/** One after the other; what comes meanwhile is done once, with the last argument. */
function queued<T>(work: (argument: T) => Promise<void>): (argument: T) => void {
  let waiting: { readonly argument: T } | undefined
  let isRunning = false
  const next = async (): Promise<void> => {
    isRunning = true
    while (waiting !== undefined) {
      const { argument } = waiting
      waiting = undefined
      await work(argument)
    }
    isRunning = false
  }
  return (argument) => {
    waiting = { argument }
    if (!isRunning) void next()
  }
}

function interrupted(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve())
  return promise
}
