/** The back end of serializers that writes one function for each model. */
import { CodeScope } from './code-scope.ts'
import type { ShapeField, ShapePlan } from './quick-shapes.ts'
import { hasInherited, MAX_QUICK_DEPTH, NOT_QUICK, type QuickShape } from './quick-values.ts'
import { shapeByClosures } from './shape-by-closures.ts'
import { CLASS_TO_PLAIN } from './validation-metadata.ts'

/** The function that writes instances of a model. */
export function shapeByCode(plan: ShapePlan): QuickShape['write'] {
  const { fields, other, inherited, type } = plan
  if (fields.length === 0) return shapeByClosures(plan)
  const scope = new CodeScope()
  const written = fields.map((field) => ({ field, variable: scope.fresh('value') }))
  const inheritance = `!${scope.refer(hasInherited)}(source, ${scope.refer(type)}, ${scope.refer(inherited)})`
  return scope.compile(
    [
      'function write(source, depth) {',
      `if (depth > ${MAX_QUICK_DEPTH}${inherited.length > 0 ? ` || ${inheritance}` : ''}) throw ${scope.refer(NOT_QUICK)}`,
      ...written.map(({ field, variable }) => writeField(scope, field, variable, plan)),
      'let result',
      // One literal makes objects of one form, which V8 writes faster; a field without a value does not leave.
      `if (${written.map(({ variable }) => `${variable} !== undefined`).join(' && ')}) {`,
      `result = { ${written.map(({ field, variable }) => `${JSON.stringify(field.key)}: ${variable}`).join(', ')} }`,
      '} else {',
      'result = {}',
      ...written.map(
        ({ field, variable }) => `if (${variable} !== undefined) result[${JSON.stringify(field.key)}] = ${variable}`,
      ),
      '}',
      ...(other ? [writeOthers(scope, plan, other)] : []),
      'return result',
      '}',
    ].join('\n'),
  )
}

function writeField(scope: CodeScope, field: ShapeField, v: string, { transformOptions }: ShapePlan): string {
  const name = JSON.stringify(field.property)
  const steps = field.transforms.map((transform) => {
    const facts = `value: ${v}, key: ${name}, obj: source, type: ${CLASS_TO_PLAIN}, options: ${scope.refer(transformOptions)}`
    return `${v} = ${scope.refer(transform)}({ ${facts} })`
  })
  const write = `${v} = ${scope.refer(field.write)}(${v}, depth, ${name})`
  const isWritten = field.unwritten.map((type) => `typeof ${v} !== '${type}' && `).join('')
  return [`let ${v} = source[${name}]`, ...steps, `if (${isWritten}${v} !== null && ${v} !== undefined) ${write}`].join(
    '\n',
  )
}

function writeOthers(scope: CodeScope, plan: ShapePlan, other: NonNullable<ShapePlan['other']>): string {
  const { fields } = plan
  const writeOther = (source: object, result: Record<string, unknown>, name: string, depth: number): void => {
    const field = other(name)
    if (!field) return
    const value = (source as Record<string, unknown>)[name]
    const written = value === null || value === undefined ? value : field.write(value, depth, name)
    if (written !== undefined) result[field.key] = written
  }
  return [
    'for (const name of Object.keys(source)) switch (name) {',
    ...fields.map(({ property }) => `case ${JSON.stringify(property)}:`),
    'break',
    `default: ${scope.refer(writeOther)}(source, result, name, depth)`,
    '}',
  ].join('\n')
}
