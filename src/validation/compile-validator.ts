/**
 * From the metadata of a DTO class to one function: unknown in, instance out. Values of classes are `model-check.ts`;
 * here are lists, single values without a class, and what becomes of the errors.
 */
import type { Class } from '../../decorators/index.ts'
import type { ProblemError } from '../errors/problem.ts'
import { TEXT_TYPES } from './convert-text.ts'
import { InputShapes } from './input-shape.ts'
import { pointerTo } from './json-pointer.ts'
import { modelCheck, type Check } from './model-check.ts'
import { InputReader } from './read-input.ts'
import { ignore } from './run-rules.ts'
import { ValidationFailed } from './validation-errors.ts'
import type { Validator, ValidatorOptions } from './validator.ts'

export { compileSchemaValidator } from './standard-schema.ts'
export type { Validator, ValidatorOptions } from './validator.ts'

/** A response need not be a dictionary of the caller's mistakes: further ones are counted, not listed. */
const MAX_LISTED_ERRORS = 200

/**
 * Makes the validator of a class, once, at boot; what can be compiled is compiled when the first value comes.
 * It answers at once unless a rule of the class answers a promise.
 * @param type - A DTO class, or `String`, `Number`, `Boolean`, `Date`, `BigInt`.
 */
export async function compileValidator(type: Class, options: ValidatorOptions): Promise<Validator> {
  const { array, pointer = '', fromText = false } = options
  const element = array ?? type
  const check = TEXT_TYPES.has(element) ? scalarCheck(element, options) : await modelCheck(element, options)

  return (value) => {
    const errors: ProblemError[] = []
    const result = array
      ? checkList(check, fromText && typeof value === 'string' ? [value] : value, pointer, errors)
      : check(value, pointer, lastName(pointer), errors)
    return result instanceof Promise
      ? result.then((settled) => unlessBroken(settled, errors, pointer))
      : unlessBroken(result, errors, pointer)
  }
}

function unlessBroken(result: unknown, errors: readonly ProblemError[], pointer: string): unknown {
  if (errors.length > 0) throw new ValidationFailed(listed(errors, pointer))
  return result
}

function checkList(check: Check, value: unknown, pointer: string, errors: ProblemError[]): unknown {
  if (!Array.isArray(value)) {
    errors.push({ pointer, code: 'isArray', detail: 'a list was expected' })
    return undefined
  }
  const name = lastName(pointer)
  const broken: ProblemError[][] = []
  const list: unknown[] = []
  try {
    for (const [index, each] of value.entries()) {
      list.push(check(each, pointerTo(pointer, index), `${name}[${index}]`, (broken[index] = [])))
    }
  } catch (error) {
    ignore(list) // Nobody will wait for the others.
    throw error
  }
  const gather = (read: readonly unknown[]): unknown => {
    for (const some of broken) errors.push(...some)
    return read
  }
  return list.some((each) => each instanceof Promise) ? Promise.all(list).then(gather) : gather(list)
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

function lastName(pointer: string): string {
  return pointer.slice(pointer.lastIndexOf('/') + 1) || 'value'
}

function listed(errors: readonly ProblemError[], pointer: string): readonly ProblemError[] {
  if (errors.length <= MAX_LISTED_ERRORS) return errors
  const detail = `${errors.length - MAX_LISTED_ERRORS} further errors are not listed`
  return [...errors.slice(0, MAX_LISTED_ERRORS), { pointer, code: 'more', detail }]
}
