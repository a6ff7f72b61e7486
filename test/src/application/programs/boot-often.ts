/**
 * Boots the starter kit again and again, with a request each, and prints by how many bytes that made the heap grow.
 * Run with `--expose-gc`; the argument is how often.
 */
import { testApp } from 'tenon/testing'

import { AppModule } from '../../../../samples/starter-kit/app-module.ts'

const [times = '100'] = process.argv.slice(2)

async function boot(): Promise<void> {
  await using app = await testApp(AppModule).boot()
  const response = await app.request('/health/ready')
  if (response.status !== 200) throw new Error(await response.text())
}

async function heapUsed(): Promise<number> {
  // What was closed is let go of over some turns.
  for (let turn = 0; turn < 5; turn += 1) {
    await new Promise(setImmediate)
    globalThis.gc?.()
  }
  return process.memoryUsage().heapUsed
}

for (let warmUp = 0; warmUp < 10; warmUp += 1) await boot()
const before = await heapUsed()
for (let count = 0; count < Number(times); count += 1) await boot()
process.stdout.write(JSON.stringify({ times: Number(times), grownBytes: (await heapUsed()) - before }))
