import { readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'

import type { Class } from 'tenon/decorators'

import { expectedIn, foundIn } from './expectations.ts'
import { checkProgram } from './read-program.ts'

const COMPILED = fileURLToPath(new URL('fixtures/', import.meta.url))
const SOURCES = COMPILED.replace('/dist/', '/')

function fixturesIn(folder: string): readonly string[] {
  return readdirSync(join(COMPILED, folder))
    .filter((file) => file.endsWith('.js'))
    .map((file) => basename(file, '.js'))
    .toSorted()
}

async function rootOf(folder: string, name: string): Promise<Class> {
  const { AppModule } = (await import(join(COMPILED, folder, `${name}.js`))) as { AppModule: Class }
  return AppModule
}

describe('checkGraph', () => {
  it('has at least 60 wrong programs to judge', () => {
    expect(fixturesIn('.').length).toBeGreaterThanOrEqual(60)
  })

  it.each(fixturesIn('.'))('finds exactly what is wrong in %s, at its line', async (name) => {
    const expected = expectedIn(join(SOURCES, `${name}.ts`))
    expect(expected).not.toEqual([])

    const diagnostics = await checkProgram(await rootOf('.', name))

    expect(foundIn(diagnostics)).toEqual(expected)
  })

  it.each(fixturesIn('right'))('finds nothing in the right program %s', async (name) => {
    const diagnostics = await checkProgram(await rootOf('right', name))

    expect(foundIn(diagnostics)).toEqual([])
  })
})
