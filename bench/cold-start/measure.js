/**
 * Time from process start to the first 200, and resident memory a second later: the hello of every peer and the hello
 * sample beside a bare node:http server, interleaved because machines are noisy. Only the ratio means anything elsewhere.
 */
import { setTimeout as sleep } from 'node:timers/promises'

import { programOf, REFERENCE } from '../harness/peers.js'
import { SCENARIOS } from '../harness/scenarios.js'
import { Server } from '../harness/server.js'
import { median, spread } from '../harness/statistics.js'
import { table } from '../harness/table.js'
import { packagedHello } from './packaged-hello.js'

const SETTLE_MS = 1000

/** Answers Markdown. */
export async function measureColdStart({ peers, starts }) {
  const { checks } = SCENARIOS.find(({ id }) => id === 's1')
  const subjects = peers.flatMap((peer) => {
    const program = programOf(peer, 's1')
    return program ? [{ name: peer, program, probe: checks[0] }] : []
  })
  if (peers.includes('tenon')) {
    const { script, nodeOptions } = packagedHello()
    const program = { script, env: {} }
    subjects.push({
      name: 'tenon, hello sample as packaged',
      program,
      nodeOptions,
      probe: { ...checks[0], path: '/hello/world' },
    })
  }
  const results = new Map(subjects.map(({ name }) => [name, []]))
  for (let start = -1; start < starts; start += 1) {
    for (const { name, program, nodeOptions = [], probe } of subjects) {
      const server = await Server.start(program, { probe, nodeOptions })
      // The first of each warms the caches of files and of compiled code, which is written when a process ends by itself.
      if (start < 0) await endOf(server)
      else results.get(name).push(await measured(server))
    }
  }
  const bare = median(results.get(REFERENCE).map((each) => each.startedMs))
  const rows = [...results].map(([name, all]) => {
    const times = all.map((each) => each.startedMs)
    return [
      name,
      spread(times, 0),
      (median(times) / bare).toFixed(2),
      spread(
        all.map((each) => each.residentMb),
        0,
      ),
    ]
  })
  return `### Cold start\n\n${table(['server', 'first 200, ms', 'ratio', 'idle, resident MB'], rows)}\n`
}

async function endOf(server) {
  server.signal('SIGTERM')
  await server.ended()
}

async function measured(server) {
  try {
    await sleep(SETTLE_MS)
    return { startedMs: server.startedMs, residentMb: server.residentMb }
  } finally {
    await server.stop()
  }
}
