import { execFile } from 'node:child_process'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

import { functionSite } from '../../../../src/check/source/function-site.ts'
import { sourceOf } from '../../../../src/errors/source-location.ts'

class WithConstructor {
  readonly name: string

  constructor(name: string) {
    this.name = name
  }

  async greet(greeting: string): Promise<string> {
    return greeting + this.name
  }
}

class Plain {}

function lineOf(subject: unknown): string {
  const site = functionSite(subject)
  if (!site) return 'nowhere'
  const { file, line } = sourceOf(site)
  return `${basename(file)}:${line}`
}

describe('functionSite', () => {
  it('finds the constructor of a class, or the class that has none', () => {
    expect(lineOf(WithConstructor)).toBe('function-site.test.ts:12')
    expect(lineOf(Plain)).toBe('function-site.test.ts:21')
  })

  it('finds a method', () => {
    expect(lineOf(WithConstructor.prototype.greet)).toBe('function-site.test.ts:16')
  })

  it('knows nothing of native code and of what is no function', () => {
    expect(functionSite(Array.prototype.map)).toBeUndefined()
    expect(functionSite({})).toBeUndefined()
  })

  it('leaves a measurement of the lines that run as it is', async () => {
    const program = fileURLToPath(new URL('programs/measured-run.js', import.meta.url))

    const { stdout } = await promisify(execFile)(process.execPath, [program], { timeout: 30_000 })

    // Called twice; the second branch never.
    expect(JSON.parse(stdout)).toEqual({ file: true, counts: [2, 0] })
  })
})
