import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

import { fuzz, type FuzzReport } from 'tenon/contract'
import { OpenApi } from 'tenon/openapi'
import { testApp, type TestApp } from 'tenon/testing'

import { BROKEN, broken, CleanModule } from './broken-app.ts'

const SEED = 4711

async function fuzzed(
  app: TestApp,
  options: { runs?: number; timeoutMs?: number; headers?: Record<string, string> } = {},
): Promise<FuzzReport> {
  const document = await app.get(OpenApi).document()
  return fuzz({ document, baseUrl: await app.url(), headers: {}, seed: SEED, runs: 40, timeoutMs: 500, ...options })
}

describe('Trying out the contract', () => {
  it.each(Object.entries(BROKEN))('finds %s', async (_name, [controller, kind]) => {
    await using app = await testApp(broken(controller)).boot()

    const { findings } = await fuzzed(app)

    expect(findings.map((finding) => finding.kind)).toContain(kind)
    for (const { curl, text } of findings) {
      expect(curl).toMatch(/^curl -i /)
      expect(text).not.toBe('')
    }
  })

  it('has at least twenty violations to find', () => {
    expect(Object.keys(BROKEN).length).toBeGreaterThanOrEqual(20)
  })

  it('finds nothing in an application that keeps to its document', async () => {
    await using app = await testApp(CleanModule).boot()

    // Nothing hangs here: a machine that has much else to do is no finding.
    const options = { runs: process.env['FULL'] ? 5000 : 200, timeoutMs: 30_000 }
    const { findings, operations, requests } = await fuzzed(app, options)

    expect(findings).toEqual([])
    expect(operations).toBe(6)
    expect(requests).toBeGreaterThan(operations * 100)
  }, 600_000)

  it('makes the same requests for the same seed', async () => {
    await using app = await testApp(broken(BROKEN['a text that is too long, accepted']![0])).boot()

    expect(await fuzzed(app)).toEqual(await fuzzed(app))
  })

  it('says it with the smallest request, which can be sent as it is printed', async () => {
    await using app = await testApp(broken(BROKEN['a text that is too long, accepted']![0])).boot()
    const { findings } = await fuzzed(app)

    const { curl } = findings.find(({ text }) => text.includes('5 characters'))!
    const { stdout } = await promisify(execFile)('sh', ['-c', curl])

    expect(curl).toContain(`-d '{"a":"xxxxxx"}'`)
    expect(stdout).toContain('204 No Content')
  })
})
