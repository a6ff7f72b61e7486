/**
 * The oracle of the compiled validator: the same reading of the input, then class-transformer and class-validator as
 * they are.
 */
import type { Class } from '../../../../decorators/index.ts'
import type { ProblemError } from '../../../../src/errors/problem.ts'
import { cut, TEXT_TYPES } from '../../../../src/validation/convert-text.ts'
import { dropUnset } from '../../../../src/validation/drop-unset.ts'
import { InputShapes } from '../../../../src/validation/input-shape.ts'
import { pointerTo } from '../../../../src/validation/json-pointer.ts'
import { problemErrors } from './library-errors.ts'
import { InputReader } from '../../../../src/validation/read-input.ts'
import { constraintsOf } from '../../../../src/validation/validation-metadata.ts'
import { ValidationFailed } from '../../../../src/validation/validation-errors.ts'
import type { Validator, ValidatorOptions } from '../../../../src/validation/validator.ts'

/** A response need not be a dictionary of the caller's mistakes: further ones are counted, not listed. */
const MAX_LISTED_ERRORS = 200

/** Reads and checks one value; errors are added to the list. */
type Check = (value: unknown, pointer: string, name: string, errors: ProblemError[]) => unknown

/** As `compileValidator` of the kernel. */
export async function libraryValidator(type: Class, options: ValidatorOptions): Promise<Validator> {
  const { array, pointer = '', fromText = false } = options
  const element = array ?? type
  const check = TEXT_TYPES.has(element) ? scalarCheck(element, options) : await modelCheck(element, options)

  return async (value) => {
    const errors: ProblemError[] = []
    const result = array
      ? await checkList(check, fromText && typeof value === 'string' ? [value] : value, pointer, errors)
      : await check(value, pointer, lastName(pointer), errors)
    if (errors.length > 0) throw new ValidationFailed(listed(errors, pointer))
    return result
  }
}

async function checkList(check: Check, value: unknown, pointer: string, errors: ProblemError[]): Promise<unknown> {
  if (!Array.isArray(value)) {
    errors.push({ pointer, code: 'isArray', detail: 'a list was expected' })
    return undefined
  }
  const name = lastName(pointer)
  const broken = value.map((): ProblemError[] => [])
  const list = await Promise.all(
    value.map((each, index) => check(each, pointerTo(pointer, index), `${name}[${index}]`, broken[index] ?? errors)),
  )
  errors.push(...broken.flat())
  return list
}

function scalarCheck(type: Class, { mode, fromText = false }: ValidatorOptions): Check {
  const shapes = new InputShapes()
  return (value, pointer, name, errors) => {
    const reader = new InputReader({ shapes, isStrict: mode === 'strict', fromText })
    const read = reader.readScalar(value, type, pointer, name)
    errors.push(...reader.errors)
    return read
  }
}

async function modelCheck(type: Class, { mode, fromText = false, groups }: ValidatorOptions): Promise<Check> {
  const [{ plainToInstance }, { validate }] = await Promise.all([
    import('class-transformer'),
    import('class-validator'),
  ])
  const shapes = new InputShapes()
  const shape = shapes.of(type)
  const isStrict = mode === 'strict'
  const inGroups = groups && groups.length > 0 ? { groups: [...groups] } : {}
  const rules = {
    whitelist: true,
    forbidNonWhitelisted: true,
    // A nested object without any rule is refused; a class without any simply has no fields.
    forbidUnknownValues: constraintsOf(type, groups).length > 0,
    ...inGroups,
  }
  const instantiate = (input: object): object =>
    plainToInstance(type as Class<object>, input, { exposeUnsetFields: false, ...inGroups })

  return async (value, pointer, _name, errors) => {
    const reader = new InputReader({ shapes, isStrict, fromText })
    const input = reader.readRoot(value, shape, pointer)
    errors.push(...reader.errors)
    if (!input) return undefined

    const instance = transform(instantiate, input, pointer, errors)
    dropUnset(instance, shapes)
    const broken = await validate(instance, rules)
    errors.push(...problemErrors(broken, pointer, { shapes, isStrict, failed: reader.failed }))
    return instance
  }
}

/** A `@Transform` that trips over a value is a value it was not written for: the caller's mistake, not a failure of ours. */
function transform(
  instantiate: (input: object) => object,
  input: Record<string, unknown>,
  pointer: string,
  errors: readonly ProblemError[],
): object {
  try {
    return instantiate(input)
  } catch (cause) {
    instantiate({}) // A class that cannot even be made from nothing is a defect: let it through.
    const field = Object.keys(input).find((key) => {
      try {
        instantiate({ [key]: input[key] })
        return false
      } catch {
        return true
      }
    })
    const failed: ProblemError =
      field === undefined
        ? { pointer, code: 'transform', detail: 'the value could not be read' }
        : { pointer: pointerTo(pointer, field), code: 'transform', detail: `${cut(field)} could not be read` }
    throw new ValidationFailed([...errors, failed]).causedBy(cause)
  }
}

function lastName(pointer: string): string {
  return pointer.slice(pointer.lastIndexOf('/') + 1) || 'value'
}

function listed(errors: readonly ProblemError[], pointer: string): readonly ProblemError[] {
  if (errors.length <= MAX_LISTED_ERRORS) return errors
  const detail = `${errors.length - MAX_LISTED_ERRORS} further errors are not listed`
  return [...errors.slice(0, MAX_LISTED_ERRORS), { pointer, code: 'more', detail }]
}
