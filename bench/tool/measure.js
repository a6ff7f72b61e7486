/** The tool in the hand: how long a check takes, the first 200 of the starter kit, and a restart after a save. */
import { spawn } from 'node:child_process'
import { appendFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

import { send } from '../harness/send.js'
import { spread } from '../harness/statistics.js'
import { table } from '../harness/table.js'
import { pack } from '../../scripts/pack.js'
import { createLargeApplication, createStarterKit } from './workspace.js'

const TOOL = fileURLToPath(new URL('../../build/package/bin/tenon.js', import.meta.url))
const CLASSES = 500
const SAVES = 5
/** Who has saved looks at the answer before the next save; by then the tool is ready for it. */
const LOOK_MS = 1500
const LIMIT_MS = 60_000
/** What the tool says when it waits for the next save instead of running the application. */
const GIVEN_UP = 'The application ended'
const PROBE = { method: 'GET', path: '/health/live', headers: {}, status: 200 }

/** Answers Markdown. */
export async function measureTool({ starts }) {
  pack()
  const rows = [
    [`check of ${CLASSES} classes`, spread(await checks(starts), 0)],
    ...(await development(starts)).map(([name, times]) => [name, spread(times, 0)]),
  ]
  return `### The tool\n\n${table(['', 'ms'], rows)}\n`
}

async function checks(starts) {
  const folder = createLargeApplication(CLASSES)
  try {
    const times = []
    for (let start = -1; start < starts; start += 1) {
      const from = performance.now()
      await finished(spawn(process.execPath, [TOOL, 'check'], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] }))
      // The first warms file and compile caches.
      if (start >= 0) times.push(performance.now() - from)
    }
    return times
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** What people wait for while they write: until the application answers, and until it does so again. */
async function development(starts) {
  const [firsts, restarts, hasty] = [[], [], []]
  for (let start = -1; start < starts; start += 1) {
    const folder = createStarterKit()
    const port = 20_000 + Math.floor(Math.random() * 20_000)
    const from = performance.now()
    const child = spawn(process.execPath, [TOOL, 'dev', '--port', String(port), '--no-types'], {
      cwd: folder,
      env: { ...process.env, LOG_LEVEL: 'error' },
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    const tool = new Told(child)
    try {
      await Promise.race([answering(port), tool.failure])
      if (start >= 0) firsts.push(performance.now() - from)
      await tool.says('Started')
      for (let save = 0; save < 2 * SAVES; save += 1) {
        const [lookMs, times] = save < SAVES ? [LOOK_MS, restarts] : [0, hasty]
        await new Promise((resolve) => setTimeout(resolve, lookMs))
        const saved = performance.now()
        appendFileSync(join(folder, 'src', 'tickets', 'tickets-service.ts'), `// saved ${save}\n`)
        await tool.says('Restarted')
        await answering(port)
        if (start >= 0) times.push(performance.now() - saved)
      }
    } finally {
      child.kill('SIGTERM')
      await new Promise((resolve) => child.once('exit', resolve))
      rmSync(folder, { recursive: true, force: true })
    }
  }
  return [
    ['first 200 of the starter kit, from its sources', firsts],
    [`answering again after a save, ${LOOK_MS} ms after the last answer`, restarts],
    ['the same, saved as soon as it answers', hasty],
  ]
}

async function answering(port) {
  const giveUpAt = performance.now() + LIMIT_MS
  while (performance.now() < giveUpAt) {
    try {
      if ((await send(port, PROBE)).status === PROBE.status) return
    } catch {
      // Nobody listens yet.
    }
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
  throw new Error('The application did not answer in time.')
}

/** What a process says on standard error: waited for, and told when what was expected does not come. */
class Told {
  /** Never resolves; rejects when the tool ends or gives up. */
  failure
  #said = []
  #waiting
  #fail

  constructor(child) {
    const { promise, reject } = Promise.withResolvers()
    this.failure = promise
    this.#fail = (reason) => reject(new Error(`${reason}:\n${this.#said.join('\n')}`))
    // Whoever waits is told; nobody may be waiting yet.
    promise.catch(() => {})
    child.once('exit', () => this.#fail('The tool ended'))
    createInterface({ input: child.stderr }).on('line', (line) => {
      this.#said.push(line)
      if (line.includes(GIVEN_UP)) this.#fail('The application did not start')
      this.#waiting?.()
    })
  }

  /** Resolves with the next line that has the word in it. */
  async says(word) {
    const timer = setTimeout(() => this.#fail(`"${word}" was not said within ${LIMIT_MS} ms`), LIMIT_MS)
    try {
      await Promise.race([this.#heard(word), this.failure])
    } finally {
      clearTimeout(timer)
    }
  }

  #heard(word) {
    const { promise, resolve } = Promise.withResolvers()
    this.#waiting = () => {
      const found = this.#said.findIndex((line) => line.includes(word))
      if (found === -1) return
      this.#said.splice(0, found + 1)
      resolve()
    }
    this.#waiting()
    return promise
  }
}

function finished(child) {
  const output = []
  child.stdout.on('data', (chunk) => output.push(chunk))
  child.stderr.on('data', (chunk) => output.push(chunk))
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => (code === 0 ? resolve() : reject(new Error(Buffer.concat(output).toString()))))
  })
}
