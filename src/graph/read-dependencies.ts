/** What a constructor or `@Provide` method asks for: from the emitted types and the parameter decorators. */
import {
  constructorOwner,
  emittedParameterTypes,
  INJECTIONS,
  Token,
  type AbstractClass,
  type CallSite,
  type InjectionToken,
  type MemberName,
} from '../../decorators/index.ts'
import type { DependencyModel } from './module-graph.ts'

/** Types that say nothing about what to inject: erased ones, and primitives. */
const TELLS_NOTHING = new Set<unknown>([
  undefined,
  Object,
  Function,
  Array,
  String,
  Number,
  Boolean,
  Symbol,
  BigInt,
  Promise,
])

/**
 * @param target - The class for its constructor, its prototype for a method.
 * @param length - How many parameters there are; those the compiler emitted no type for are found by it.
 */
export function readDependencies(
  target: object,
  member: MemberName | undefined,
  length: number,
  at: CallSite,
): readonly DependencyModel[] {
  const types = emittedParameterTypes(target, member) ?? []
  const facts =
    member === undefined ? INJECTIONS.writtenHere(constructorOwner(target)) : INJECTIONS.written(target, member)
  return Array.from({ length: Math.max(types.length, length) }, (_, index) => {
    const own = facts.filter((fact) => fact.value.index === index)
    const named = own.map((fact) => fact.value.fact).find((fact) => fact.kind !== 'optional')
    const emitted = types[index]
    return {
      index,
      emitted,
      token: named ? named.token : tokenOf(emitted),
      many: named?.kind === 'all',
      optional: own.some((fact) => fact.value.fact.kind === 'optional'),
      at: own[0]?.at ?? at,
    }
  })
}

function tokenOf(type: unknown): InjectionToken | undefined {
  if (TELLS_NOTHING.has(type)) return undefined
  return type instanceof Token || typeof type === 'function' ? (type as AbstractClass) : undefined
}
