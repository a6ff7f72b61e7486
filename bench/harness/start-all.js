/** Starts the servers of a scenario side by side; only one at a time is asked anything. */
import { programOf } from './peers.js'
import { Server } from './server.js'

/** Answers servers by name of the peer; peers without a program for the scenario are left out. */
export async function startAll(scenario, peers, env = {}) {
  const servers = new Map()
  try {
    for (const peer of peers) {
      const program = programOf(peer, scenario.program)
      if (!program) continue
      const [probe] = scenario.checks
      servers.set(peer, await Server.start(program, { probe, env: { ...scenario.env, ...env } }))
    }
  } catch (error) {
    await stopAll(servers)
    throw error
  }
  return servers
}

export async function stopAll(servers) {
  for (const server of servers.values()) await server.stop()
}
