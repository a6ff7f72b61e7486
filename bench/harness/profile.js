/** Where a server's time goes under load: the functions with the most time of their own. */
import { readFileSync } from 'node:fs'

import { prepareLoad, runLoad } from './load.js'
import { programOf } from './peers.js'
import { Server } from './server.js'
import { table } from './table.js'

const PRELOAD = new URL('./profile-on-signal.js', import.meta.url).href
const WARM_UP_SECONDS = 3
const SECONDS = 5
const LINES = 30
/** Nothing the server does: waiting, and the profiler itself. */
const IGNORED = /^(\(root\)$|\(idle\)$|post node:inspector)/

/** Answers Markdown; `undefined` where the peer has no program. */
export async function profile(peer, scenario, { folder, env = {} }) {
  const program = programOf(peer, scenario.program)
  if (!program) return undefined
  const file = `${folder}/${peer}-${scenario.id}.cpuprofile`
  const server = await Server.start(program, {
    probe: scenario.checks[0],
    env: { ...scenario.env, ...env, BENCH_PROFILE: file },
    nodeOptions: ['--import', PRELOAD],
  })
  try {
    const script = prepareLoad(scenario.load, folder)
    await runLoad(server.port, script, WARM_UP_SECONDS)
    server.signal('SIGUSR2')
    await runLoad(server.port, script, SECONDS)
    server.signal('SIGUSR2')
    await server.ended()
  } finally {
    await server.stop()
  }
  const titles = ['function', 'own time %', 'with callees %']
  return `### ${scenario.title}, ${peer}: CPU profile\n\n${table(titles, hottest(JSON.parse(readFileSync(file, 'utf8'))))}\n`
}

function hottest({ nodes, samples, timeDeltas }) {
  const own = new Map()
  samples.forEach((id, index) => own.set(id, (own.get(id) ?? 0) + timeDeltas[index]))
  const byId = new Map(nodes.map((node) => [node.id, node]))
  const functions = new Map()
  const visit = (node, above) => {
    const name = nameOf(node)
    const entry = functions.get(name) ?? { own: 0, total: 0 }
    functions.set(name, entry)
    const ownTime = own.get(node.id) ?? 0
    const path = above.has(name) ? above : new Set([...above, name])
    entry.own += ownTime
    for (const each of path) functions.get(each).total += ownTime
    for (const child of node.children ?? []) visit(byId.get(child), path)
  }
  visit(nodes[0], new Set())
  const busy = [...functions].filter(([name]) => !IGNORED.test(name))
  const all = busy.reduce((total, [, entry]) => total + entry.own, 0)
  const percent = (time) => ((100 * time) / all).toFixed(1)
  return busy
    .toSorted(([, a], [, b]) => b.own - a.own)
    .slice(0, LINES)
    .map(([name, entry]) => [name, percent(entry.own), percent(entry.total)])
}

function nameOf({ callFrame: { functionName, url, lineNumber } }) {
  const name = functionName || '(anonymous)'
  if (!url) return name
  const place = url.replace(/^file:\/\/.*?\/(?=(node_modules|dist|servers)\/)/, '')
  return `${name} ${place}:${lineNumber + 1}`
}
