/** Values for a generated class: mostly what fits, so that acceptance is compared as often as refusal. */
import fc from 'fast-check'

import { keyOf, ruleOf, type FieldSpec, type ModelSpec } from './model-spec.ts'
import { RULES } from './rules.ts'

const misfits = fc.oneof(
  fc.constantFrom<unknown>(...RULES.flatMap(({ fitting }) => fitting)),
  fc.constantFrom<unknown>(null, 'skip', ' x ', 10, -1, 2.5, '', [], [[]], [null], {}, [{}], 'a\u0000', true),
  fc.constantFrom<unknown>({ toString: 1 }, { constructor: 1 }, JSON.parse('{"__proto__":1}'), { size: 1 }),
)

/** @param asText - Values as a query or a form carries them. */
export function inputsFor(spec: ModelSpec, asText: boolean): fc.Arbitrary<unknown> {
  const members = spec.fields.map((field): [string, fc.Arbitrary<unknown>] => [
    keyOf(field),
    fc.oneof({ weight: 12, arbitrary: fitting(field, asText) }, { weight: 1, arbitrary: misfits }),
  ])
  const requiredKeys = spec.fields.filter(({ presence }) => presence === 'required').map(keyOf)
  const known = fc.oneof(
    { weight: 3, arbitrary: fc.record(Object.fromEntries(members), { noNullPrototype: true }) },
    { weight: 1, arbitrary: fc.record(Object.fromEntries(members), { noNullPrototype: true, requiredKeys }) },
    { weight: 1, arbitrary: fc.record(Object.fromEntries(members), { requiredKeys: [] }) },
  )
  const extra = fc.oneof(
    { weight: 15, arbitrary: fc.constant({}) },
    { weight: 1, arbitrary: fc.constant({ unknown: 1 }) },
  )
  return fc.tuple(known, extra).map(([value, more]) => {
    // As a parser makes it: own properties only, whatever their names.
    const text = JSON.stringify({ ...value, ...more })
    return JSON.parse(text) as unknown
  })
}

function fitting(field: FieldSpec, asText: boolean): fc.Arbitrary<unknown> {
  if (field.nested) return nestedInputs(field.nested, asText)
  const { fitting: values } = ruleOf(field)
  const one = fc.constantFrom(...values).map((value) => (asText ? textOf(value) : value))
  return field.each ? fc.array(one, { maxLength: 2 }) : one
}

function textOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(String)
  return typeof value === 'object' ? value : `${value as string}`
}

function nestedInputs({ model, shape }: NonNullable<FieldSpec['nested']>, asText: boolean): fc.Arbitrary<unknown> {
  const inner = inputsFor(model, asText)
  switch (shape) {
    case 'one':
      return inner
    case 'list':
    case 'set':
      return fc.array(inner, { maxLength: 2 })
    case 'map':
      return fc.dictionary(fc.constantFrom('k', 'a/b', 'size', '__proto__'), inner, { maxKeys: 2 })
    case 'variants': {
      const kind = fc.constantFrom('first', 'second', 'first', 'second', 'third')
      const variant = fc.tuple(inner, kind).map(([value, chosen]) => ({ ...(value as object), kind: chosen }))
      return fc.oneof(variant, fc.array(variant, { maxLength: 2 }))
    }
  }
}
