/**
 * The comparison: `npm run bench -- s3 --starts 4 --peers tenon,fastify`. Names are those of scenarios or their
 * beginnings (`s1` ... `s8`, `s7-sqlite`), `latency`, `connections`, `tool`, `cold-start`, `all`; `smoke` checks answers and times nothing;
 * `profile` before names prints where the time goes.
 */
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'

import { measureColdStart } from './cold-start/measure.js'
import { build } from './harness/build.js'
import { checkAnswers } from './harness/check.js'
import { measureConnections } from './harness/connections.js'
import { createDatabase } from './harness/databases.js'
import { measureLatency } from './harness/latency.js'
import { OWN_PEERS, PEER_NAMES, REFERENCE } from './harness/peers.js'
import { profile } from './harness/profile.js'
import { SCENARIOS } from './harness/scenarios.js'
import { startAll, stopAll } from './harness/start-all.js'
import { measureStreams } from './harness/streams.js'
import { measureThroughput } from './harness/throughput.js'
import { describeRun } from './harness/versions.js'
import { measureTool } from './tool/measure.js'

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    /** Process starts a figure is the median of. */
    starts: { type: 'string', default: '4' },
    /** Slices of each peer in one start. */
    rounds: { type: 'string', default: '5' },
    /** Default: everybody; in a smoke run those that need no packages but the root's. */
    peers: { type: 'string' },
    /** Size of the streamed file. */
    megabytes: { type: 'string', default: '1024' },
    /** Connections that are open at once. */
    connections: { type: 'string', default: '10000' },
    /** Length of the runs at a fixed rate. */
    seconds: { type: 'string', default: '20' },
    /** Writes `results/<date>.md`. */
    save: { type: 'boolean', default: false },
    /** A sentence for the saved results. */
    note: { type: 'string' },
  },
})
const SMOKE_MEGABYTES = 16

const isSmoke = positionals.includes('smoke')
const isProfile = positionals.includes('profile')
const names = positionals.filter((name) => name !== 'smoke' && name !== 'profile')
const peers = chosenPeers()
const folder = mkdtempSync(join(tmpdir(), 'tenon-bench-'))
const sections = []

try {
  build(peers)
  if (isSmoke) await smoke()
  else if (isProfile) await profiles()
  else await measure()
} finally {
  rmSync(folder, { recursive: true })
}

async function measure() {
  const settings = { peers, starts: Number(options.starts), rounds: Number(options.rounds), folder }
  for (const scenario of SCENARIOS) {
    if (!isChosen(scenario.id)) continue
    await withDatabase(scenario, async (env) => print(await measureThroughput(scenario, { ...settings, env })))
  }
  if (isChosen('s8')) print(await measureStreams({ ...settings, megabytes: Number(options.megabytes) }))
  if (isChosen('latency')) print(await measureLatency({ ...settings, seconds: Number(options.seconds) }))
  if (isChosen('connections')) print(await measureConnections({ ...settings, count: Number(options.connections) }))
  if (isChosen('tool')) print(await measureTool(settings))
  if (isChosen('cold-start')) print(await measureColdStart(settings))
  if (sections.length === 0) throw new Error(`Nothing is called ${names.join(', ') || 'nothing'}; try s1 or all.`)
  if (options.save) save()
}

/** Every scenario answers the same from everybody. */
async function smoke() {
  for (const scenario of SCENARIOS) {
    if (names.length > 0 && !isChosen(scenario.id)) continue
    await withDatabase(scenario, async (env) => {
      const servers = await startAll(scenario, peers, env)
      try {
        await checkAnswers(scenario, servers)
        console.log(`${scenario.title}: ${[...servers.keys()].join(', ')} answer alike`)
      } finally {
        await stopAll(servers)
      }
    })
  }
  if (names.length > 0 && !isChosen('s8')) return
  await measureStreams({ peers, megabytes: SMOKE_MEGABYTES, folder })
  console.log('S8 streams: every byte arrives')
}

async function profiles() {
  for (const scenario of SCENARIOS) {
    if (!isChosen(scenario.id)) continue
    await withDatabase(scenario, async (env) => {
      for (const peer of peers) {
        const text = await profile(peer, scenario, { folder, env })
        if (text !== undefined) print(text)
      }
    })
  }
}

/** Scenarios with rows run on a database of their own, and not at all where its server is missing. */
async function withDatabase({ database: kind }, work) {
  if (kind === undefined) return work({})
  const database = await createDatabase(kind, folder)
  if (!database) return
  try {
    await work({ DATABASE_URL: database.url })
  } finally {
    await database.drop()
  }
}

function isChosen(id) {
  return names.some((name) => name === 'all' || id === name || id.startsWith(`${name}-`))
}

function chosenPeers() {
  const chosen = options.peers?.split(',') ?? (isSmoke || isProfile ? OWN_PEERS : PEER_NAMES)
  const unknown = chosen.filter((peer) => !PEER_NAMES.includes(peer))
  const areInstalled = existsSync(new URL('node_modules/fastify', import.meta.url))
  const missing = areInstalled ? [] : chosen.filter((peer) => !OWN_PEERS.includes(peer))
  if (missing.length > 0) throw new Error(`Not installed: ${missing.join(', ')}. Run: npm --prefix bench ci`)
  if (unknown.length > 0) throw new Error(`Unknown: ${unknown.join(', ')}. Known: ${PEER_NAMES.join(', ')}.`)
  return isProfile ? chosen : [REFERENCE, ...chosen.filter((peer) => peer !== REFERENCE)]
}

function print(section) {
  console.log(section)
  sections.push(section)
}

function save() {
  const date = new Date().toISOString().slice(0, 10)
  const head = [`# ${date}`, describeRun()]
  if (options.note) head.push(options.note)
  mkdirSync(new URL('results/', import.meta.url), { recursive: true })
  writeFileSync(new URL(`results/${date}.md`, import.meta.url), `${[...head, ...sections].join('\n\n').trimEnd()}\n`)
}
