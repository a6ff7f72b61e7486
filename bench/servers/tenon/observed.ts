/** What `BENCH_OBSERVED` adds to a program: `metrics`, or `traces` that go to a collector which throws them away. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'

import type { ModuleImport } from 'tenon'

/** Answers whatever is sent; a process of its own, beside the load, so that its time is not counted as ours. */
const COLLECTOR = `
const { createServer } = require('node:http')
const server = createServer((request, response) => request.resume().on('end', () => response.end()))
server.listen(0, '127.0.0.1', () => process.send(server.address().port))
process.on('disconnect', () => process.exit())
`
const LOAD_CORE = '1'

export async function observed(): Promise<readonly ModuleImport[]> {
  const wanted = process.env['BENCH_OBSERVED']
  if (wanted === undefined) return []
  if (wanted === 'traces') {
    const collector = spawn('taskset', ['-c', LOAD_CORE, process.execPath, '-e', COLLECTOR], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    })
    const [port] = (await once(collector, 'message')) as [number]
    collector.unref()
    collector.channel?.unref()
    process.env['OTEL_EXPORTER_OTLP_ENDPOINT'] = `http://127.0.0.1:${port}`
  }
  const { ObservabilityModule } = await import('tenon/observability')
  return [ObservabilityModule]
}
