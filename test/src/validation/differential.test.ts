/**
 * Compiled validators beside the libraries, over generated classes and values: the same instances, the same errors in
 * the same order; and compiled serializers beside one that prepares nothing. `FULL=1` compares 200,000 values instead of some thousand.
 */
import { isDeepStrictEqual } from 'node:util'

import { getMetadataStorage } from 'class-validator'
import fc from 'fast-check'

import type { Class } from '../../../decorators/index.ts'
import { ValidationFailed } from '../../../src/validation/index.ts'
import { compileSerializer } from '../../../src/validation/compile-serializer.ts'
import { compileValidator, type Validator, type ValidatorOptions } from '../../../src/validation/compile-validator.ts'
import { compileAcceptor } from '../../../src/validation/accept.ts'
import { InputShapes } from '../../../src/validation/input-shape.ts'
import { ownRuleNames } from '../../../src/validation/own-rule-names.ts'
import { RuleBook } from '../../../src/validation/rule-book.ts'
import { inputsFor } from './generated/inputs.ts'
import { modelClass, modelSpecs } from './generated/model-spec.ts'
import { interpretedSerializer } from './oracle/interpreted-serializer.ts'
import { keepLibraryQuick } from './oracle/keep-library-quick.ts'
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

/** The quick way alone, to know how often it is taken. */
async function quickWay(type: Class, { mode, fromText = false, groups = [] }: ValidatorOptions) {
  const book = new RuleBook(groups, await ownRuleNames(type))
  return compileAcceptor(type, { shapes: new InputShapes(), book, groups, isStrict: mode === 'strict', fromText })
}

const { validationMetadatas } = getMetadataStorage() as unknown as { validationMetadatas: Map<unknown, unknown> }
const OTHERS = new Set(validationMetadatas.keys())

/** Of generated classes alone: the storage belongs to every test of the process. */
function forget(): void {
  for (const type of validationMetadatas.keys()) if (!OTHERS.has(type)) validationMetadatas.delete(type)
}

describe('a compiled validator beside class-transformer and class-validator', () => {
  it('makes the same instances and names the same errors, by both back ends', async () => {
    keepLibraryQuick()
    const counts = { accepted: 0, refused: 0, failed: 0, quick: 0 }
    await fc.assert(
      fc.asyncProperty(cases, async ({ spec, options, values }) => {
        const type = modelClass(spec)
        const [oracle, code, closures] = await Promise.all([
          libraryValidator(type, options),
          compileValidator(type, { ...options, backEnd: 'code' }),
          compileValidator(type, { ...options, backEnd: 'closures' }),
        ])
        const quick = await quickWay(type, options)
        for (const value of values) {
          const expected = await outcomeOf(oracle, structuredClone(value))
          counts[Object.keys(expected)[0] as keyof typeof counts]++
          if ('accepted' in expected && quick?.accept(structuredClone(value))) counts.quick++
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
    expect(counts.quick / counts.accepted).toBeGreaterThan(0.5)
    expect(counts.refused / all).toBeGreaterThan(0.2)
  })
})

/** What becomes of an answer: a plain value and its text, since the order of fields counts; or the error. */
function writtenBy(serialize: (value: unknown) => unknown, value: unknown): unknown {
  try {
    const plain = serialize(value)
    return { plain, text: JSON.stringify(plain) }
  } catch (error) {
    return { failed: String(error) }
  }
}

describe('a compiled serializer beside one that prepares nothing', () => {
  it('writes the same fields in the same order, by both back ends', async () => {
    keepLibraryQuick()
    let written = 0
    await fc.assert(
      fc.asyncProperty(cases, fc.boolean(), async ({ spec, options, values }, array) => {
        const type = modelClass(spec)
        const { groups } = options
        const validate = await libraryValidator(type, { ...options, mode: 'strip' })
        const outcomes = await Promise.all(values.map((value) => outcomeOf(validate, structuredClone(value))))
        const accepted = outcomes.flatMap((outcome) => ('accepted' in outcome ? [outcome.accepted] : []))
        const rows = values.map((value) => Object.assign(new (class Row {})(), value))
        const answers = [...values, ...accepted, ...rows]

        const oracle = await interpretedSerializer(type, { groups, array })
        const code = await compileSerializer(type, { groups, array, backEnd: 'code' })
        const closures = await compileSerializer(type, { groups, array, backEnd: 'closures' })
        for (const answer of array ? [answers, new Set(answers), answers[0]] : [...answers, answers, null]) {
          const expected = writtenBy(oracle, answer)
          if ((expected as { plain?: unknown }).plain !== undefined) written++
          for (const [name, serialize] of Object.entries({ code, closures })) {
            const actual = writtenBy(serialize, answer)
            if (!isDeepStrictEqual(actual, expected))
              expect({ name, answer, actual }).toEqual({ name, answer, actual: expected })
          }
        }
        forget()
      }),
      { numRuns: Math.ceil(CLASSES / 2), includeErrorInReport: true },
    )
    expect(written).toBeGreaterThan(CLASSES)
  })
})
