/** Many connections at once: kept alive while nothing is asked, then a request on each of them in the same moment. */
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

import { programOf } from './peers.js'
import { SCENARIOS } from './scenarios.js'
import { Server } from './server.js'
import { table } from './table.js'

/** Opened together; more would overflow the queue of connections that wait to be accepted. */
const BATCH = 400
const SETTLE_MS = 1000
const LIMIT_MS = 60_000
const REQUEST = 'GET /hello HTTP/1.1\r\nhost: bench\r\n\r\n'

/** @param count - Connections, and requests of the burst. Answers Markdown. */
export async function measureConnections({ peers, count }) {
  const { checks } = SCENARIOS.find(({ id }) => id === 's1')
  const rows = []
  for (const peer of peers) {
    const program = programOf(peer, 's1')
    if (program) rows.push([peer, ...(await measure(program, checks[0], count))])
  }
  const titles = ['server', 'MB before', 'MB idle', 'kB a connection', 'burst, ms', 'MB after', 'answered', 'errors']
  return `### ${count} connections\n\n${table(titles, rows)}\n`
}

async function measure(program, probe, count) {
  // Keep-alive longer than the measurement, whatever the peer's default.
  const server = await Server.start(program, { probe, env: { HTTP_KEEP_ALIVE_MS: '120000' } })
  const callers = []
  try {
    await sleep(SETTLE_MS)
    const before = server.residentMb
    while (callers.length < count) {
      const batch = Array.from({ length: Math.min(BATCH, count - callers.length) }, () => new Caller(server.port))
      callers.push(...batch)
      await Promise.all(batch.map((caller) => caller.ask()))
    }
    await sleep(SETTLE_MS)
    const idle = server.residentMb
    const from = performance.now()
    const answers = await Promise.all(callers.map((caller) => caller.ask()))
    const burstMs = performance.now() - from
    await sleep(SETTLE_MS)
    const answered = answers.filter((answer) => answer === '200').length
    return [
      before.toFixed(0),
      idle.toFixed(0),
      (((idle - before) * 1024) / count).toFixed(1),
      burstMs.toFixed(0),
      server.residentMb.toFixed(0),
      String(answered),
      String(count - answered),
    ]
  } finally {
    for (const caller of callers) caller.close()
    await server.stop()
  }
}

/** One connection, one request at a time. */
class Caller {
  #socket
  #settle = () => {}
  #received = ''

  constructor(port) {
    this.#socket = connect(port, '127.0.0.1')
    this.#socket.setEncoding('latin1')
    this.#socket.on('data', (text) => this.#take(text))
    this.#socket.on('error', (error) => this.#settle(error.code))
    this.#socket.on('close', () => this.#settle('closed'))
  }

  /** Resolves with the status, or with what went wrong. */
  ask() {
    const { promise, resolve } = Promise.withResolvers()
    const timer = setTimeout(resolve, LIMIT_MS, 'late')
    this.#settle = (outcome) => {
      clearTimeout(timer)
      resolve(outcome)
    }
    this.#received = ''
    this.#socket.write(REQUEST)
    return promise
  }

  close() {
    this.#socket.destroy()
  }

  #take(text) {
    this.#received += text
    const end = this.#received.indexOf('\r\n\r\n')
    if (end === -1) return
    const length = Number(/content-length: (\d+)/i.exec(this.#received)?.[1] ?? 0)
    if (this.#received.length >= end + 4 + length) this.#settle(this.#received.slice(9, 12))
  }
}
