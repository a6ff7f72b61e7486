import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const PROGRAM = fileURLToPath(new URL('programs/boot-often.js', import.meta.url))

const BOOTS = process.env['FULL'] ? 100 : 20

describe('Applications in one process', () => {
  it(`leave nothing behind: ${BOOTS} of them grow the heap by less than 100 KB each`, async () => {
    const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', PROGRAM, String(BOOTS)], {
      timeout: 300_000,
    })

    const { times, grownBytes } = JSON.parse(stdout) as { readonly times: number; readonly grownBytes: number }
    expect(times).toBe(BOOTS)
    expect(grownBytes).toBeLessThan(BOOTS * 100 * 1024)
  })
})
