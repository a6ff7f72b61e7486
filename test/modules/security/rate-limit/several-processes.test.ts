/** Four processes that count together: what they let through is what one alone would have. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

import { onEveryDatabase } from '../../data/on-every-database.ts'
import { describeWithRedis, RedisServer } from '../../redis/redis-server.ts'

const PROCESSES = 4
const CALLS = process.env['FULL'] === '1' ? 2000 : 200
/** A quarter of all calls: one process alone would use it up. */
const LIMIT = CALLS
/** One per cent, of which the refilling during the test is the larger part. */
const TOLERANCE = Math.ceil(LIMIT / 100)

class Caller {
  readonly #process: ChildProcess
  readonly #lines: AsyncIterator<string>

  constructor(env: Record<string, string>) {
    this.#process = spawn(
      process.execPath,
      [join(import.meta.dirname, '../programs/call-often.js'), String(CALLS), String(LIMIT)],
      {
        env: {
          PATH: process.env['PATH'],
          TENON_ENV: 'test',
          LOG_LEVEL: 'error',
          RATE_LIMIT_STORE_DOWN: 'refuse',
          ...env,
        },
        stdio: ['pipe', 'pipe', 'inherit'],
      },
    )
    this.#lines = createInterface({ input: this.#process.stdout! })[Symbol.asyncIterator]()
  }

  async line(): Promise<string> {
    const { value } = await this.#lines.next()
    return String(value)
  }

  go(): void {
    this.#process.stdin!.write('go\n')
  }

  async end(): Promise<void> {
    if (this.#process.exitCode === null) await once(this.#process, 'exit')
  }
}

async function allowedTogether(env: Record<string, string>): Promise<number> {
  const callers = Array.from({ length: PROCESSES }, () => new Caller(env))
  for (const caller of callers) expect(await caller.line()).toMatch(/ready$/)
  for (const caller of callers) caller.go()
  const told = await Promise.all(callers.map((caller) => caller.line()))
  await Promise.all(callers.map((caller) => caller.end()))
  return told.reduce((sum, line) => sum + Number(/allowed (\d+)/.exec(line)?.[1]), 0)
}

describeWithRedis('Four processes with one Redis', () => {
  it('let through what the limit says, within one per cent', async () => {
    await using server = await RedisServer.start()

    const allowed = await allowedTogether({ RATE_LIMIT_STORE: 'redis', REDIS_URL: server.url })

    expect(allowed).toBeGreaterThanOrEqual(LIMIT)
    expect(allowed).toBeLessThanOrEqual(LIMIT + TOLERANCE)
  })
})

onEveryDatabase('Four processes', (database) => {
  // A database in memory belongs to one process.
  if (database.name === 'SQLite in memory') return
  it('let through what the limit says, within one per cent', async () => {
    const { url, ...created } = await database.create()
    await using _created = { [Symbol.asyncDispose]: created[Symbol.asyncDispose] }

    const allowed = await allowedTogether({ RATE_LIMIT_STORE: 'sql', DATABASE_URL: url })

    expect(allowed).toBeGreaterThanOrEqual(LIMIT)
    expect(allowed).toBeLessThanOrEqual(LIMIT + TOLERANCE)
  })
})
