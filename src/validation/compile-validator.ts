/**
 * From the metadata of a DTO class to one function: unknown in, instance out. The reader refuses what is not declared
 * and converts text, class-transformer makes the instance, class-validator checks the rules.
 * Both libraries are loaded when the first validator is made: an application without input does not pay for them.
 */
import type { Class } from '../../decorators/index.ts'
import type { ProblemError } from '../errors/problem.ts'
import { cut, TEXT_TYPES } from './convert-text.ts'
import { compileAcceptor, compileInstantiator } from './accept.ts'
import { dropUnset } from './drop-unset.ts'
import { InputShapes } from './input-shape.ts'
import { pointerTo } from './json-pointer.ts'
import { ownRuleNames } from './own-rule-names.ts'
import { problemErrors } from './problem-errors.ts'
import { InputReader } from './read-input.ts'
import { RuleBook, type Rule } from './rule-book.ts'
import { ignore, runRules, type BrokenValue, type RuleRunOptions } from './run-rules.ts'
import { ValidationFailed } from './validation-errors.ts'
import type { Validator, ValidatorOptions } from './validator.ts'

export { compileSchemaValidator } from './standard-schema.ts'
export type { Validator, ValidatorOptions } from './validator.ts'

/** A response need not be a dictionary of the caller's mistakes: further ones are counted, not listed. */
const MAX_LISTED_ERRORS = 200

/** Reads and checks one value; errors are added to the list. */
type Check = (value: unknown, pointer: string, name: string, errors: ProblemError[]) => unknown

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

async function modelCheck(
  type: Class,
  { mode, fromText = false, groups = [], backEnd }: ValidatorOptions,
): Promise<Check> {
  const { plainToInstance } = await import('class-transformer')
  const shapes = new InputShapes()
  const book = new RuleBook(groups, await ownRuleNames(type))
  const shape = shapes.of(type)
  const isStrict = mode === 'strict'
  const inGroups = groups.length > 0 ? { groups: [...groups] } : {}
  const instantiate = (input: object): object =>
    plainToInstance(type as Class<object>, input, { exposeUnsetFields: false, ...inGroups })
  // A nested object without any rule is refused; a class without any simply has no fields.
  const rules = { book, forbidsUnknown: book.of(type).size > 0 }
  const foreignRules = { ...rules, only: (rule: Rule) => rule.isForeign }
  const planning = { shapes, book, groups, isStrict, fromText }
  const acceptor = lazily(() => compileAcceptor(type, planning, backEnd))
  const instantiator = lazily(() => compileInstantiator(type, planning))

  const judged = (
    instance: object,
    asked: RuleRunOptions,
    at: { pointer: string; failed: ReadonlySet<string> },
    errors: ProblemError[],
  ): unknown => {
    const conclude = (broken: readonly BrokenValue[]): object => {
      errors.push(...problemErrors(broken, at.pointer, { shapes, isStrict, failed: at.failed }))
      return instance
    }
    const broken = runRules(instance, asked)
    return broken instanceof Promise ? broken.then(conclude) : conclude(broken)
  }

  return (value, pointer, _name, errors) => {
    const quick = acceptor()
    const accepted = quick?.accept(value)
    if (accepted) {
      return quick?.asksLater ? judged(accepted, foreignRules, { pointer, failed: NOTHING }, errors) : accepted
    }
    const reader = new InputReader({ shapes, isStrict, fromText })
    const input = reader.readRoot(value, shape, pointer)
    errors.push(...reader.errors)
    if (!input) return undefined

    const instance = instantiator()(input) ?? transform(instantiate, input, pointer, errors)
    dropUnset(instance, shapes)
    return judged(instance, rules, { pointer, failed: reader.failed }, errors)
  }
}

const NOTHING: ReadonlySet<string> = new Set()

function lazily<T>(make: () => T): () => T {
  const made: { value: T }[] = []
  return () => (made[0] ??= { value: make() }).value
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
