/** The Prometheus of this machine: started for a test, asked over its API, and ended with it. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

export const PROMTOOL = '/usr/bin/promtool'
export const PROMETHEUS = '/usr/bin/prometheus'

/** With `CI=true` nothing may be missing: the test fails then instead of being skipped. */
export function missing(program: string): boolean {
  return !existsSync(program) && process.env['CI'] !== 'true'
}

const DEADLINE_MS = 30_000

export interface Prometheus extends AsyncDisposable {
  /** Asks again until the answer is not empty. */
  ask(path: string): Promise<readonly unknown[]>
}

/** @param targets - `127.0.0.1:3000` */
export async function startPrometheus(targets: readonly string[]): Promise<Prometheus> {
  const folder = await mkdtemp(join(tmpdir(), 'tenon-prometheus-'))
  const config = join(folder, 'prometheus.yml')
  const scrapes = [{ job_name: 'desk', static_configs: [{ targets }] }]
  await writeFile(config, JSON.stringify({ global: { scrape_interval: '1s' }, scrape_configs: scrapes }))
  const port = await freePort()
  const program = spawn(
    PROMETHEUS,
    [
      `--config.file=${config}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--enable-feature=exemplar-storage',
    ],
    { stdio: 'ignore' },
  )
  const ended = once(program, 'exit')
  return {
    async ask(path) {
      for (const end = Date.now() + DEADLINE_MS; Date.now() < end; await sleep(200)) {
        const answer = await fetch(`http://127.0.0.1:${port}${path}`).catch(() => undefined)
        if (!answer?.ok) continue
        const { data } = (await answer.json()) as {
          readonly data: readonly unknown[] | { readonly result: readonly unknown[] }
        }
        const found = 'result' in data ? data.result : data
        if (found.length > 0) return found
      }
      throw new Error(`Prometheus had nothing to say to ${path}.`)
    },
    async [Symbol.asyncDispose]() {
      program.kill()
      await ended
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
