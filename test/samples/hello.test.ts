import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { Program } from './program.ts'

describe('The sample hello', () => {
  it('is three lines besides the import', () => {
    const source = readFileSync(join(import.meta.dirname, '../../../samples/hello/main.ts'), 'utf8')
    const code = source.split('\n').filter((line) => line !== '' && !/^(\/\*|\/\/|import )/.test(line))

    expect(code).toHaveLength(3)
  })

  it('answers, and ends cleanly', async () => {
    await using program = new Program('../../samples/hello/main.js')
    const [url] = await program.prints(/http:\/\/127\.0\.0\.1:\d+/)

    const response = await fetch(`${url}/hello/ada`)

    expect(response.status).toBe(200)
    expect(await response.json()).toEqual({ hello: 'ada' })
    expect(await program.stop('SIGINT')).toBe(0)
    // Warnings of the check are logged at the start.
    expect(program.output).not.toMatch(/WARN|ERROR/)
  })
})
