/**
 * One value against one DTO class. What is certainly valid is accepted by one compiled function; anything else is read
 * again field by field, so that every error is found: the reader refuses what is not declared and converts text, an
 * instance is made, and the rules are asked one by one.
 * class-transformer is loaded with the first check: an application without input does not pay for it.
 */
import type { Class } from '../../decorators/index.ts'
import type { ProblemError } from '../errors/problem.ts'
import { compileAcceptor, compileInstantiator } from './accept.ts'
import { cut } from './convert-text.ts'
import { dropUnset } from './drop-unset.ts'
import { InputShapes } from './input-shape.ts'
import { pointerTo } from './json-pointer.ts'
import { ownRuleNames } from './own-rule-names.ts'
import { problemErrors } from './problem-errors.ts'
import { InputReader } from './read-input.ts'
import { RuleBook, type Rule } from './rule-book.ts'
import { runRules, type BrokenValue, type RuleRunOptions } from './run-rules.ts'
import { ValidationFailed } from './validation-errors.ts'
import type { ValidatorOptions } from './validator.ts'

/** Reads and checks one value; errors are added to the list. */
export type Check = (value: unknown, pointer: string, name: string, errors: ProblemError[]) => unknown

/** Makes the check of a class; compiled, as far as it can be, when the first value comes. */
export async function modelCheck(
  type: Class,
  { mode, fromText = false, groups = [], backEnd }: ValidatorOptions,
): Promise<Check> {
  const { plainToInstance } = await import('class-transformer')
  const shapes = new InputShapes()
  const book = new RuleBook(groups, await ownRuleNames(type))
  const shape = shapes.of(type)
  const isStrict = mode === 'strict'
  const inGroups = groups.length > 0 ? { groups: [...groups] } : {}
  const instantiate = (input: object): object => {
    const instance = plainToInstance(type as Class<object>, input, { exposeUnsetFields: false, ...inGroups })
    dropUnset(instance, shapes)
    return instance
  }
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
