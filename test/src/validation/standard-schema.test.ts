import * as v from 'valibot'
import { z } from 'zod'

import { compileSchemaValidator } from '../../../src/validation/compile-validator.ts'
import { isStandardSchema } from '../../../src/validation/standard-schema.ts'
import { errorsOf, rulesOf } from './validation-outcome.ts'

const schemas: readonly [string, unknown][] = [
  [
    'zod',
    z.strictObject({
      email: z.email(),
      items: z.array(z.object({ 'a/b': z.number() })),
      n: z.coerce.number().default(3),
    }),
  ],
  [
    'valibot',
    v.strictObject({
      email: v.pipe(v.string(), v.email()),
      items: v.array(v.object({ 'a/b': v.number() })),
      n: v.optional(v.number(), 3),
    }),
  ],
]

describe.each(schemas)('a validator of a %s schema', (_library, schema) => {
  it('answers what the schema makes of the value', async () => {
    const validate = await compileSchemaValidator(schema)

    expect(await validate({ email: 'a@example.org', items: [{ 'a/b': 1 }] })).toEqual({
      email: 'a@example.org',
      items: [{ 'a/b': 1 }],
      n: 3,
    })
  })

  it('refuses with JSON pointers', async () => {
    const errors = await errorsOf(await compileSchemaValidator(schema), {
      email: 'x',
      items: [{ 'a/b': 1 }, { 'a/b': 'x' }],
    })

    expect(errors.map((error) => error.pointer)).toEqual(['/email', '/items/1/a~1b'])
    expect(errors.every((error) => error.code !== '' && error.detail !== '')).toBe(true)
  })

  it('begins pointers where it is told, and refuses what is no object', async () => {
    const errors = await errorsOf(await compileSchemaValidator(schema, { pointer: '#/query' }), null)

    expect(errors.map((error) => error.pointer)).toEqual(['#/query'])
  })
})

describe('compileSchemaValidator', () => {
  it('awaits asynchronous schemas', async () => {
    const validate = await compileSchemaValidator(
      z.string().refine(async (name) => (await Promise.resolve(name)) !== 'taken'),
    )

    expect(await rulesOf(validate, 'taken')).toEqual([' custom'])
    expect(await validate('new')).toBe('new')
  })

  it.each([[null], [{}], ['x'], [class Dto {}], [{ '~standard': null }], [{ '~standard': { version: 2 } }]])(
    'refuses what is no schema: %p',
    async (schema) => {
      expect(isStandardSchema(schema)).toBe(false)
      await expect(compileSchemaValidator(schema)).rejects.toMatchObject({ code: 'VALIDATION_SCHEMA_UNKNOWN' })
    },
  )
})
