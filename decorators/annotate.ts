/** How a decorator is made from a key: the place is taken when the factory is called, the fact written when it is applied. */
import { callSite } from './call-site.ts'
import type { MemberName, MetadataKey, MetadataListKey } from './metadata.ts'

/** A decorator for a class or for one of its methods. */
export type ClassOrMethodDecorator = ClassDecorator & MethodDecorator

/** Records one fact on whatever it is written above. */
export function annotate<T>(key: MetadataKey<T>, value: T): ClassDecorator & MethodDecorator & PropertyDecorator {
  const at = callSite()
  return (target: object, member?: MemberName) => key.write(value, target, member, at)
}

/** Adds one of many facts to whatever it is written above. */
export function annotateAlso<T>(
  key: MetadataListKey<T>,
  value: T,
): ClassDecorator & MethodDecorator & PropertyDecorator {
  const at = callSite()
  return (target: object, member?: MemberName) => key.add(value, target, member, at)
}

/** A fact about one parameter, by position. */
export interface ParameterFact<T> {
  readonly index: number
  readonly fact: T
}

/** Records a fact about the parameter it is written before (constructor or method). */
export function annotateParameter<T>(key: MetadataListKey<ParameterFact<T>>, fact: T): ParameterDecorator {
  const at = callSite()
  return (target: object, member: MemberName | undefined, index: number) => key.add({ index, fact }, target, member, at)
}
