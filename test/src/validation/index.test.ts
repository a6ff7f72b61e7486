import * as transformer from 'class-transformer'
import * as validator from 'class-validator'

import * as entry from '../../../src/validation/index.ts'

/** Storages, engines and constants: nothing that stands in a DTO. */
const INTERNAL = new Set(['MetadataStorage', 'ValidationTypes', 'Validator'])

const decorators = (library: object): [string, unknown][] =>
  Object.entries(library).filter(
    ([name]) => /^[A-Z][a-z]/.test(name) && !INTERNAL.has(name) && name !== 'ClassTransformer',
  )

describe('the published entry tenon/validation', () => {
  it.each([
    ['class-validator', validator, 110],
    ['class-transformer', transformer, 7],
  ])('hands on every decorator of %s unchanged', (_name, library, atLeast) => {
    const offered = entry as Record<string, unknown>
    const all = decorators(library)

    expect(all.filter(([name, value]) => offered[name] !== value).map(([name]) => name)).toEqual([])
    expect(all.length).toBeGreaterThanOrEqual(atLeast)
  })
})
