/** A Redis server of a test's own, which it may stop and start again; nobody else's data is near. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { connect, createServer, type AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

const PATIENCE_MS = 10_000

/** Whether the machine has the program; where it has not, tests are skipped, and fail with `CI=true`. */
export const describeWithRedis: jest.Describe =
  spawnSync('redis-server', ['--version']).error === undefined || process.env['CI'] === 'true'
    ? describe
    : describe.skip

export class RedisServer implements AsyncDisposable {
  readonly port: number
  #process: ChildProcess | undefined

  private constructor(port: number) {
    this.port = port
  }

  static async start(): Promise<RedisServer> {
    const server = new RedisServer(await freePort())
    await server.start()
    return server
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`
  }

  async start(): Promise<void> {
    const settings = ['--port', String(this.port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no']
    this.#process = spawn('redis-server', settings, { stdio: 'ignore' })
    const giveUpAt = performance.now() + PATIENCE_MS
    while (!(await accepts(this.port))) {
      if (performance.now() > giveUpAt) throw new Error(`redis-server does not listen on ${this.port}`)
      await sleep(20)
    }
  }

  /** As a crash would. */
  async stop(): Promise<void> {
    const running = this.#process
    this.#process = undefined
    if (!running || running.exitCode !== null) return
    const exit = once(running, 'exit')
    running.kill('SIGKILL')
    await exit
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop()
  }
}

/** A port where nothing listens. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

async function accepts(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1')
  try {
    await once(socket, 'connect')
    return true
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}
