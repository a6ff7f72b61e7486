/** The back end that writes one function for each model: the same steps as the closures, without the loops between. */
import type { FieldCheck, FieldPlan, ModelPlan } from './acceptance-plan.ts'
import { CodeScope } from './code-scope.ts'
import { MAX_DEPTH } from './read-input.ts'
import type { RuleTest } from './rule-test.ts'

/** The function that makes and checks the instances of a model. */
export function buildByCode(plan: ModelPlan): ModelPlan['build'] {
  const scope = new CodeScope()
  const fields = plan.fields.map((field) => ({ field, variable: scope.fresh('value') }))
  return scope.compile(
    [
      'function build(input, depth) {',
      `if (depth > ${MAX_DEPTH} || typeof input !== 'object' || input === null) return REFUSED`,
      'const prototype = Object.getPrototypeOf(input)',
      'if (prototype !== Object.prototype && prototype !== null) return REFUSED',
      ...(plan.isStrict ? ['let seen = 0'] : []),
      ...fields.map(({ field, variable }) => writeRead(scope, field, variable, plan)),
      ...(plan.isStrict ? [writeUnknown(plan)] : []),
      ...fields.map(({ field, variable }) => writeTransforms(scope, field, variable, plan)),
      `const instance = new ${scope.refer(plan.type)}()`,
      ...fields.map(({ field, variable }) => writeSet(field, variable)),
      ...(plan.hasInitialValues
        ? ['for (const name of Object.keys(instance)) if (instance[name] === undefined) delete instance[name]']
        : []),
      ...fields.map(({ field, variable }) =>
        field.check ? writeCheck(scope, field, field.check, variable, plan) : '',
      ),
      'return instance',
      '}',
    ].join('\n'),
  )
}

function writeRead(scope: CodeScope, { key, reading, fate }: FieldPlan, v: string, { isStrict }: ModelPlan): string {
  const seen = isStrict ? 'seen++' : ''
  const read =
    fate === 'refuse' ? 'return REFUSED' : `if (${v} !== null) { ${scope.writeReading(reading, v, 'depth + 1')} }`
  const dropped = fate === 'drop' ? `${v} = undefined` : ''
  return `let ${v} = input[${JSON.stringify(key)}]\nif (${v} !== undefined) {\n${seen}\n${read}\n${dropped}\n}`
}

/** Whatever is left over when all that is declared was seen is undeclared. */
function writeUnknown({ discriminator }: ModelPlan): string {
  const seen = discriminator === undefined ? 'seen' : 'seen + 1'
  return `let sent = 0\nfor (const key in input) sent++\nif (sent !== ${seen}) return REFUSED`
}

function writeTransforms(
  scope: CodeScope,
  { property, transforms, isVisitedUnsent }: FieldPlan,
  v: string,
  { transformOptions }: ModelPlan,
): string {
  const steps = transforms.map((transform) => {
    const options = scope.refer(transformOptions)
    const facts = `{ value: ${v}, key: ${JSON.stringify(property)}, obj: input, type: 0, options: ${options} }`
    return `${v} = ${scope.refer(transform)}(${facts})`
  })
  if (steps.length === 0 || isVisitedUnsent) return steps.join('\n')
  return `if (${v} !== undefined) {\n${steps.join('\n')}\n}`
}

function writeSet({ property }: FieldPlan, v: string): string {
  return `if (${v} !== undefined) instance[${JSON.stringify(property)}] = ${v}`
}

function writeCheck(
  scope: CodeScope,
  { property, key, fate }: FieldPlan,
  { isOptional, conditions, tests, isNested }: FieldCheck,
  v: string,
  { hasInitialValues }: ModelPlan,
): string {
  const when = [
    ...(isOptional ? [`${v} !== null && ${v} !== undefined`] : []),
    ...conditions.map((condition) => `${scope.refer(condition)}(instance, ${v})`),
  ]
  const checks = [
    ...(isNested ? [`if (${v} === null) return REFUSED`] : []),
    // An initial value was never read.
    ...(isNested && hasInitialValues
      ? [
          `if (${v} !== undefined && ${fate === 'set' ? `input[${JSON.stringify(key)}] === undefined` : 'true'}) return REFUSED`,
        ]
      : []),
    ...tests.map((test) => writeTest(scope, test, v)),
  ]
  if (checks.length === 0) return ''
  const initial = hasInitialValues ? `${v} = instance[${JSON.stringify(property)}]\n` : ''
  return initial + (when.length > 0 ? `if (${when.join(' && ')}) {\n${checks.join('\n')}\n}` : checks.join('\n'))
}

function writeTest(scope: CodeScope, test: RuleTest, v: string): string {
  const called = `if (!${scope.refer(test)}.holds(${v}, instance)) return REFUSED`
  const { known, isEach } = test
  if (!known) return called
  if (!isEach) return `if (!(${known.write(v, scope.refer)})) return REFUSED`
  const each = scope.fresh('each')
  const loop = `for (const ${each} of ${v}) if (!(${known.write(each, scope.refer)})) return REFUSED`
  return `if (Array.isArray(${v})) { ${loop} } else { ${called} }`
}
