/**
 * Compiled validators beside the libraries, over generated classes and values: the same instances, the same errors in
 * the same order. `FULL=1` compares 200,000 values instead of some thousand.
 */
import { isDeepStrictEqual } from 'node:util'

import { getMetadataStorage } from 'class-validator'
import fc from 'fast-check'

import type { Class } from '../../../decorators/index.ts'
import { ValidationFailed, useContainer } from '../../../src/validation/index.ts'
import { compileValidator, type Validator, type ValidatorOptions } from '../../../src/validation/compile-validator.ts'
import { inputsFor } from './generated/inputs.ts'
import { modelClass, modelSpecs } from './generated/model-spec.ts'
import { libraryValidator } from './oracle/library-validator.ts'

const VALUES_OF_A_CLASS = 20
const CLASSES = process.env['FULL'] === undefined ? 250 : 10_000

const cases = fc
  .record({
    spec: modelSpecs(2),
    mode: fc.constantFrom('strict', 'strict', 'strip'),
    fromText: fc.constantFrom(false, false, true),
    groups: fc.constantFrom(undefined, undefined, [], ['a'], ['a', 'c']),
  })
  .chain(({ spec, ...options }) =>
    fc.record({
      spec: fc.constant(spec),
      options: fc.constant<ValidatorOptions>(options),
      values: fc.array(inputsFor(spec, options.fromText), {
        minLength: VALUES_OF_A_CLASS,
        maxLength: VALUES_OF_A_CLASS,
      }),
    }),
  )

type Outcome = { readonly accepted: unknown } | { readonly refused: unknown } | { readonly failed: string }

async function outcomeOf(validate: Validator, value: unknown): Promise<Outcome> {
  try {
    return { accepted: await validate(value) }
  } catch (error) {
    return error instanceof ValidationFailed ? { refused: error.errors } : { failed: String(error) }
  }
}

/** The library looks through all instances and all classes it has ever met; here they come by the thousand. */
function keepLibraryQuick(): void {
  const instances = new Map<unknown, object>()
  useContainer({
    get: (type: Class<object>) => {
      let instance = instances.get(type)
      if (!instance) instances.set(type, (instance = new type()))
      return instance
    },
  } as Parameters<typeof useContainer>[0])
}

function forget(): void {
  const { validationMetadatas } = getMetadataStorage() as unknown as { validationMetadatas: Map<unknown, unknown> }
  validationMetadatas.clear()
}

describe('a compiled validator beside class-transformer and class-validator', () => {
  it('makes the same instances and names the same errors, by both back ends', async () => {
    keepLibraryQuick()
    const counts = { accepted: 0, refused: 0, failed: 0 }
    await fc.assert(
      fc.asyncProperty(cases, async ({ spec, options, values }) => {
        const type = modelClass(spec)
        const [oracle, code, closures] = await Promise.all([
          libraryValidator(type, options),
          compileValidator(type, { ...options, backEnd: 'code' }),
          compileValidator(type, { ...options, backEnd: 'closures' }),
        ])
        for (const value of values) {
          const expected = await outcomeOf(oracle, structuredClone(value))
          counts[Object.keys(expected)[0] as keyof typeof counts]++
          for (const [name, validate] of Object.entries({ code, closures })) {
            const actual = await outcomeOf(validate, structuredClone(value))
            if (!isDeepStrictEqual(actual, expected))
              expect({ name, value, actual }).toEqual({ name, value, actual: expected })
          }
        }
        forget()
      }),
      { numRuns: CLASSES, includeErrorInReport: true },
    )
    const all = counts.accepted + counts.refused + counts.failed
    expect(all).toBeGreaterThanOrEqual(CLASSES * VALUES_OF_A_CLASS)
    expect(counts.accepted / all).toBeGreaterThan(0.2)
    expect(counts.refused / all).toBeGreaterThan(0.2)
  })
})
