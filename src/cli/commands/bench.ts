/** `tenon bench`: the application's own routes under load. */
import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'

import { CliAppUnreadable } from '../cli-errors.ts'
import { CommandResult } from '../command-result.ts'
import { EXIT } from '../exit-codes.ts'
import { loadOptional } from '../load-optional.ts'
import { ownBinary } from '../own-package.ts'
import { printTable } from '../print-table.ts'
import { toolCommand, type ToolCall } from '../tool-command.ts'

/** What is used of autocannon. */
interface Load {
  (options: object): Promise<{
    readonly requests: { readonly average: number }
    readonly latency: { readonly p50: number; readonly p99: number }
    readonly non2xx: number
    readonly errors: number
  }>
}

const TOOL = { feature: 'tenon bench', name: 'autocannon', version: '9' }

export const bench = toolCommand('bench [paths...]', {
  description: 'Starts the application in a process of its own and puts its routes under load',
  options: {
    '--seconds <number>': 'for each route; 5 when it is left out',
    '--connections <number>': 'at once; 50 when it is left out',
    '--header <headers...>': 'such as "authorization: Bearer …"',
  },
  examples: ['tenon bench', 'tenon bench /api/tickets --seconds 10 --header "authorization: Bearer …"'],
  run: async (call) => {
    const loaded = await loadOptional<{ readonly default: Load }>(TOOL, call.project.folder)
    const paths = call.list('paths').length > 0 ? call.list('paths') : await plainPaths(call)
    const [child, url] = await serve(call)
    try {
      const results: Result[] = []
      for (const path of paths) {
        call.progress(`${path} …`, { done: results.length, total: paths.length })
        results.push(await measure(path, url, loaded.default, call))
      }
      return answer(results)
    } finally {
      call.endProgress()
      child.kill('SIGTERM')
    }
  },
})

interface Result {
  readonly path: string
  readonly perSecond: number
  readonly p50Ms: number
  readonly p99Ms: number
  /** Answers other than 2xx, and connections that failed. */
  readonly failed: number
}

/** GET routes that need nothing filled in. */
async function plainPaths({ project }: ToolCall): Promise<readonly string[]> {
  const { graph } = await project.program()
  const routes = graph.endpoints.flatMap(({ route }) => (route?.method === 'GET' && !route.sse ? [route.path] : []))
  return [...new Set(routes.filter((path) => !/[:*]/.test(path)))]
}

/** The root module on a free port, as the sources or the build have it. */
async function serve({ project }: ToolCall): Promise<readonly [ChildProcess, string]> {
  const { file, folder } = project.locate()
  const child = fork(ownBinary(), ['@serve', 'module', file], {
    cwd: folder,
    // oxlint-disable-next-line node/no-process-env -- The application's environment is ours, with a port of its own.
    env: { ...process.env, PORT: '0', LOG_LEVEL: 'error' },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const started = await Promise.race([once(child, 'message'), once(child, 'exit').then(() => undefined)])
  if (!started) throw new CliAppUnreadable(file, 'it ended before it listened')
  return [child, (started[0] as { readonly url: string }).url]
}

async function measure(path: string, url: string, load: Load, call: ToolCall): Promise<Result> {
  const { requests, latency, non2xx, errors } = await load({
    url: new URL(path, url).href,
    duration: call.number('seconds', 5),
    connections: call.number('connections', 50),
    headers: Object.fromEntries(call.list('header').map(splitHeader)),
  })
  return {
    path,
    perSecond: Math.round(requests.average),
    p50Ms: latency.p50,
    p99Ms: latency.p99,
    failed: non2xx + errors,
  }
}

function splitHeader(text: string): readonly [string, string] {
  const colon = text.indexOf(':')
  return [text.slice(0, colon).trim(), text.slice(colon + 1).trim()]
}

function answer(results: readonly Result[]): CommandResult {
  const rows = results.map(({ path, perSecond, p50Ms, p99Ms, failed }) => [
    path,
    String(perSecond),
    `${p50Ms} ms`,
    `${p99Ms} ms`,
    String(failed),
  ])
  return new CommandResult({
    data: results,
    text: printTable(['PATH', 'PER SECOND', 'P50', 'P99', 'FAILED'], rows),
    exitCode: results.some(({ failed }) => failed > 0) ? EXIT.failed : EXIT.ok,
  })
}
