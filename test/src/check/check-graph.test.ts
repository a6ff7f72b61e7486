import { readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { expectedIn, foundIn } from './expectations.ts'
import { checkProgram, type Program } from './read-program.ts'

const COMPILED = fileURLToPath(new URL('fixtures/', import.meta.url))
const SOURCES = COMPILED.replace('/dist/', '/')

function fixturesIn(folder: string): readonly string[] {
  return readdirSync(join(COMPILED, folder))
    .filter((file) => file.endsWith('.js'))
    .map((file) => basename(file, '.js'))
    .toSorted()
}

function load(folder: string, name: string): Promise<Program> {
  return import(join(COMPILED, folder, `${name}.js`)) as Promise<Program>
}

describe('checkGraph', () => {
  it('has at least 60 wrong programs to judge', () => {
    expect(fixturesIn('.').length).toBeGreaterThanOrEqual(60)
  })

  it.each(fixturesIn('.'))('finds exactly what is wrong in %s, at its line', async (name) => {
    const expected = expectedIn(join(SOURCES, `${name}.ts`))
    expect(expected).not.toEqual([])

    const diagnostics = await checkProgram(await load('.', name))

    expect(foundIn(diagnostics)).toEqual(expected)
  })

  it.each(fixturesIn('right'))('finds nothing in the right program %s', async (name) => {
    const diagnostics = await checkProgram(await load('right', name))

    expect(foundIn(diagnostics)).toEqual([])
  })
})
