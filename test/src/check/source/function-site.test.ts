import { basename } from 'node:path'

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
    expect(lineOf(WithConstructor)).toBe('function-site.test.ts:9')
    expect(lineOf(Plain)).toBe('function-site.test.ts:18')
  })

  it('finds a method', () => {
    expect(lineOf(WithConstructor.prototype.greet)).toBe('function-site.test.ts:13')
  })

  it('knows nothing of native code and of what is no function', () => {
    expect(functionSite(Array.prototype.map)).toBeUndefined()
    expect(functionSite({})).toBeUndefined()
  })
})
