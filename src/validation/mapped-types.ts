/**
 * DTOs made from DTOs: all optional, some fields, all but some, two together. The new class has the rules and
 * transformations of the fields it takes over, so a rule is written once.
 */
import { getMetadataStorage, IsOptional, ValidateIf } from 'class-validator'

import { CLASSIFICATION, DOC, type Class, type MetadataKey } from '../../decorators/index.ts'
import {
  constraintsOf,
  lineageOf,
  transformerStorage,
  type TransformerFact,
  type TypeFact,
} from './validation-metadata.ts'

export interface PartialTypeOptions {
  /** `false`: a field may be left out, and `null` is still checked. Default: `true`. */
  readonly skipNullProperties?: boolean
}

/** Every field may be left out. */
export function PartialType<T extends object>(type: Class<T>, options: PartialTypeOptions = {}): Class<Partial<T>> {
  const partial = derive<Partial<T>>(`Partial${type.name}`, [type], () => true)
  const mark =
    options.skipNullProperties === false
      ? () => ValidateIf((_object, value) => value !== undefined)
      : () => IsOptional()
  for (const property of new Set(constraintsOf(type).map((each) => each.propertyName))) {
    mark()(partial.prototype as object, property)
  }
  return partial
}

/** Only the named fields. */
export function PickType<T extends object, K extends keyof T>(
  type: Class<T>,
  keys: readonly K[],
): Class<Pick<T, NoInfer<K>>> {
  return derive(`Pick${type.name}`, [type], (property) => keys.includes(property as K))
}

/** All fields but the named ones. */
export function OmitType<T extends object, K extends keyof T>(
  type: Class<T>,
  keys: readonly K[],
): Class<Omit<T, NoInfer<K>>> {
  return derive(`Omit${type.name}`, [type], (property) => !keys.includes(property as K))
}

/** The fields of all classes; where two have the same field, the rules of both hold. */
export function IntersectionType<T extends readonly Class<object>[]>(...types: T): Class<Intersection<T>> {
  return derive(`Intersection${types.map((type) => type.name).join('')}`, types, () => true)
}

/** What instances of all of the classes have in common with each other: everything. */
export type Intersection<T extends readonly Class<object>[]> = T extends readonly [
  Class<infer First>,
  ...infer Rest extends readonly Class<object>[],
]
  ? First & Intersection<Rest>
  : unknown

function derive<T>(name: string, sources: readonly Class<object>[], isTaken: (property: string) => boolean): Class<T> {
  const derived = class {
    constructor() {
      for (const source of sources) takeInitialValues(this, source, isTaken)
    }
  }
  Object.defineProperty(derived, 'name', { value: name })
  for (const source of sources) {
    takeConstraints(source, derived, isTaken)
    takeTransformations(source, derived, isTaken)
  }
  return derived as unknown as Class<T>
}

/** Initializers of the source are initializers of what is derived from it. */
function takeInitialValues(target: object, source: Class<object>, isTaken: (property: string) => boolean): void {
  const values = target as Record<string, unknown>
  for (const [property, value] of Object.entries(initialValues(source)) as [string, unknown][]) {
    if (value !== undefined && values[property] === undefined && isTaken(property)) values[property] = value
  }
}

function initialValues(source: Class<object>): object {
  try {
    return new source()
  } catch {
    return {} // A constructor that needs arguments has no values of its own to give.
  }
}

function takeConstraints(source: Class, target: Class, isTaken: (property: string) => boolean): void {
  for (const constraint of constraintsOf(source)) {
    if (!isTaken(constraint.propertyName)) continue
    // A copy of what the library recorded, under the other class: nothing of it is ours to know.
    getMetadataStorage().addValidationMetadata({ ...constraint, target } as never)
    takeEmittedType(source, target, constraint.propertyName)
  }
}

function takeTransformations(source: Class, target: Class, isTaken: (property: string) => boolean): void {
  const storage = transformerStorage()
  if (!storage) return
  // What is said about the whole class, such as @Exclude(), has no property and is always taken over.
  const takes = (property: string | undefined): boolean => property === undefined || isTaken(property)
  const { _exposeMetadatas, _excludeMetadatas, _transformMetadatas, _typeMetadatas } = storage

  // Bases first: what a subclass says replaces it.
  for (const each of lineageOf(source).toReversed()) {
    for (const facts of [_exposeMetadatas, _excludeMetadatas, _typeMetadatas] as Map<Class, Facts>[]) {
      for (const [property, fact] of facts.get(each as Class) ?? []) {
        if (takes(property)) factsOf(facts, target).set(property, { ...fact, target })
      }
    }
    for (const [property, added] of _transformMetadatas.get(each) ?? []) {
      if (!takes(property)) continue
      const taken = factsOf(_transformMetadatas, target)
      // The library runs them from the last to the first, and those of a base before those of a subclass.
      taken.set(property, [...added.map((fact) => ({ ...fact, target })), ...(taken.get(property) ?? [])])
    }
    for (const facts of [_exposeMetadatas, _typeMetadatas, _transformMetadatas] as Map<Class, Map<string, unknown>>[]) {
      for (const property of facts.get(each as Class)?.keys() ?? []) {
        if (property !== undefined && takes(property)) takeEmittedType(source, target, property)
      }
    }
  }
}

type Facts = Map<string | undefined, TransformerFact | TypeFact>

function factsOf<F>(all: Map<any, Map<string | undefined, F>>, target: Class): Map<string | undefined, F> {
  const facts = all.get(target) ?? new Map<string | undefined, F>()
  all.set(target, facts)
  return facts
}

function takeEmittedType(source: Class, target: Class, property: string): void {
  const type: unknown = Reflect.getMetadata('design:type', source.prototype as object, property)
  if (type !== undefined) Reflect.defineMetadata('design:type', type, target.prototype as object, property)
  takeRemark(DOC, source, target, property)
  takeRemark(CLASSIFICATION, source, target, property)
}

function takeRemark<T>(key: MetadataKey<T>, source: Class, target: Class, property: string): void {
  const remark = key.written(source, property)
  if (remark) key.write(remark.value, target.prototype as object, property, remark.at)
}
