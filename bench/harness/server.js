/** A server under test: a process of its own on a free port. */
import { createServer } from 'node:net'
import { readFileSync } from 'node:fs'

import { SERVER_CORE, spawnOn } from './cores.js'
import { send } from './send.js'

const START_LIMIT_MS = 30_000
/** Clock ticks of /proc, as `getconf CLK_TCK` says on every Linux there is. */
const TICKS_PER_SECOND = 100
const ERROR_CHARACTERS = 4000

export class Server {
  port
  /** From the start of the process to the first answer. */
  startedMs
  #child

  /**
   * @param program - Of `programOf`.
   * @param probe - A request it can answer.
   */
  static async start(program, { probe, env = {}, nodeOptions = [] }) {
    const server = new Server()
    server.port = await freePort()
    const from = performance.now()
    server.#child = spawnOn(SERVER_CORE, process.execPath, [...nodeOptions, program.script], {
      env: {
        PATH: process.env.PATH,
        NODE_ENV: 'production',
        HOST: '127.0.0.1',
        PORT: String(server.port),
        LOG_LEVEL: 'warn',
        ...env,
        ...program.env,
      },
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    // Refusals that a framework reports are no news; why a process ended is.
    let errors = ''
    server.#child.stderr.setEncoding('utf8').on('data', (text) => (errors = (errors + text).slice(-ERROR_CHARACTERS)))
    while (!(await server.#answers(probe))) {
      const { exitCode, signalCode } = server.#child
      if (exitCode !== null || signalCode !== null)
        throw new Error(`${program.script} ended before it answered:\n${errors}`)
      if (performance.now() - from > START_LIMIT_MS) {
        await server.stop()
        throw new Error(`${program.script} did not answer within ${START_LIMIT_MS} ms.`)
      }
    }
    server.startedMs = performance.now() - from
    return server
  }

  /** CPU time of the process so far, user and system. */
  get cpuSeconds() {
    const fields = readFileSync(`/proc/${this.#child.pid}/stat`, 'utf8').split(') ')[1].split(' ')
    return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND
  }

  /** Resident memory as the kernel counts it. */
  get residentMb() {
    const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${this.#child.pid}/status`, 'utf8'))
    return Number(kilobytes) / 1024
  }

  signal(name) {
    this.#child.kill(name)
  }

  /** Resolves when the process has ended by itself. */
  async ended() {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return
    await new Promise((resolve) => this.#child.once('exit', resolve))
  }

  async stop() {
    this.#child.kill('SIGKILL')
    await this.ended()
  }

  async #answers(probe) {
    try {
      return (await send(this.port, probe)).status === probe.status
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 1))
      return false
    }
  }
}

function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address()
      server.close(() => resolve(port))
    })
  })
}
