import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const PROGRAM = fileURLToPath(new URL('programs/boot-often.js', import.meta.url))

describe('Applications in one process', () => {
  it('leave nothing behind: 100 of them grow the heap by less than 10 MB', async () => {
    const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', PROGRAM, '100'], { timeout: 60_000 })

    const { times, grownBytes } = JSON.parse(stdout) as { readonly times: number; readonly grownBytes: number }
    expect(times).toBe(100)
    expect(grownBytes).toBeLessThan(10 * 1024 * 1024)
  })
})
