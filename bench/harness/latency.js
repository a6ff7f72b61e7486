/** Latency at 1,500 requests a second on S2, and what that leaves in memory. */
import { fileURLToPath } from 'node:url'

import { checkAnswers } from './check.js'
import { LOAD_CORE, spawnOn } from './cores.js'
import { SCENARIOS } from './scenarios.js'
import { startAll, stopAll } from './start-all.js'
import { spread } from './statistics.js'
import { table } from './table.js'

const OPEN_LOOP = fileURLToPath(new URL('./open-loop.js', import.meta.url))
const RATE = 1500

export async function measureLatency({ peers, starts, seconds }) {
  const scenario = SCENARIOS.find(({ id }) => id === 's2')
  const results = new Map(peers.map((peer) => [peer, []]))
  for (let start = 0; start < starts; start += 1) {
    const servers = await startAll(scenario, peers)
    try {
      await checkAnswers(scenario, servers)
      for (const server of servers.values()) await offer(server, 2)
      for (const [peer, server] of servers) {
        results.get(peer).push({ ...(await offer(server, seconds)), residentMb: server.residentMb })
      }
    } finally {
      await stopAll(servers)
    }
  }
  const rows = [...results]
    .filter(([, all]) => all.length > 0)
    .map(([peer, all]) => [
      peer,
      ...['p50', 'p90', 'p99'].map((name) =>
        spread(
          all.map((each) => each[name]),
          3,
        ),
      ),
      spread(
        all.map((each) => each.residentMb),
        0,
      ),
    ])
  return `### Latency at ${RATE} req/s, S2\n\n${table(['peer', 'p50 ms', 'p90 ms', 'p99 ms', 'resident MB'], rows)}\n`

  async function offer({ port }, duration) {
    const [{ path }] = scenario.load
    return JSON.parse(await outputOf([OPEN_LOOP, String(port), path, String(RATE), String(duration)]))
  }
}

function outputOf(args) {
  return new Promise((resolve, reject) => {
    const child = spawnOn(LOAD_CORE, process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
    let output = ''
    child.stdout.setEncoding('utf8').on('data', (text) => (output += text))
    child.on('error', reject)
    child.on('close', (code) => (code === 0 ? resolve(output) : reject(new Error('The load at a fixed rate failed.'))))
  })
}
