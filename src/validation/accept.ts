/** The quick way from a value to a checked instance, compiled when it is first asked for. */
import { planAcceptance, type AcceptancePlan, type ModelPlan, type PlanOptions } from './acceptance-plan.ts'
import { buildByClosures } from './accept-by-closures.ts'
import { buildByCode } from './accept-by-code.ts'
import { canGenerateCode } from '../platform/can-generate-code.ts'
import type { BackEnd } from './code-scope.ts'
import { InputReader } from './read-input.ts'
import { REFUSED } from './reading.ts'
import type { Class } from '../../decorators/index.ts'

/** Accepts what is certainly valid; the slower way decides about the rest. */
export interface Acceptor {
  /** The instance, or `undefined`. */
  accept(value: unknown): object | undefined
  /** Rules of others remain to be asked about the instance. */
  readonly asksLater: boolean
}

/** Makes the acceptor of a DTO; `undefined` for a class that has no quick way. */
export function compileAcceptor(
  type: Class,
  options: PlanOptions,
  backEnd: BackEnd = canGenerateCode() ? 'code' : 'closures',
): Acceptor | undefined {
  const plan = planAcceptance(type, options)
  if (!plan) return undefined
  const { root } = compile(plan, backEnd === 'code' ? buildByCode : buildByClosures)
  return {
    asksLater: plan.asksLater,
    accept: unlessRefused(plan.readsFirst ? buildFromCopy(plan, options) : (value) => root.build(value, 1)),
  }
}

/**
 * Makes unchecked instances of what the reader made of a value, with the properties in the order in which they came;
 * `undefined` where it takes the library to make one.
 */
export function compileInstantiator(type: Class, options: PlanOptions): (copy: object) => object | undefined {
  const plan = planAcceptance(type, options, false)
  if (!plan) return () => undefined
  const { root } = compile(plan, buildByClosures)
  return unlessRefused((copy: object) => root.build(copy, 1))
}

function compile(plan: AcceptancePlan, backEnd: (model: ModelPlan) => ModelPlan['build']): AcceptancePlan {
  for (const model of plan.models) model.build = backEnd(model)
  return plan
}

function unlessRefused<T>(build: (value: T) => unknown): (value: T) => object | undefined {
  return (value) => {
    try {
      const instance = build(value)
      return instance === REFUSED ? undefined : (instance as object)
    } catch {
      // Code of the author met a value it was not written for: the slower way meets it again, and reports it.
      return undefined
    }
  }
}

function buildFromCopy(
  { root }: AcceptancePlan,
  { shapes, isStrict, fromText }: PlanOptions,
): (value: unknown) => unknown {
  const shape = shapes.of(root.type)
  return (value) => {
    const reader = new InputReader({ shapes, isStrict, fromText })
    const copy = reader.readRoot(value, shape, '')
    return copy === undefined || reader.errors.length > 0 ? REFUSED : root.build(copy, 1)
  }
}
