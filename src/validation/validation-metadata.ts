/**
 * What class-validator and class-transformer know of a class, read from their metadata storages.
 * Neither library is loaded for it: what is not loaded has recorded nothing.
 */
import { createRequire } from 'node:module'

import { decoratedMembers, emittedType, type AbstractClass } from '../../decorators/index.ts'

/** One rule that class-validator recorded about a property. */
export interface ConstraintFact {
  readonly propertyName: string
  readonly type: string
  readonly name?: string
  readonly each?: boolean
  readonly target: unknown
  readonly constraints?: readonly unknown[]
  readonly constraintCls?: unknown
  readonly message?: string | ((args: RuleArguments) => string)
  readonly validateIf?: (object: object, value: unknown) => boolean
}

/** What class-validator tells a rule beside the value. */
export interface RuleArguments {
  readonly targetName: string | undefined
  readonly property: string
  readonly object: object
  readonly value: unknown
  readonly constraints: readonly unknown[] | undefined
}

/** A class that was registered as a constraint. */
export interface ConstraintClass {
  readonly name?: string
  /** Made or looked up by the container of class-validator, each time it is read. */
  readonly instance: {
    validate(value: unknown, args: RuleArguments): unknown
    defaultMessage?(args: RuleArguments): string
  }
}

interface ValidatorStorage {
  getTargetValidatorConstraints(type: unknown): readonly ConstraintClass[]
  getTargetValidationMetadatas(
    type: AbstractClass,
    schema: string,
    always: boolean,
    strictGroups: boolean,
    groups?: readonly string[],
  ): ConstraintFact[]
}

/** `@Expose`, `@Exclude` or `@Transform` as class-transformer recorded it. */
export interface TransformerFact {
  readonly target: AbstractClass
  readonly propertyName: string | undefined
  readonly options?: {
    readonly name?: string
    readonly groups?: readonly string[]
    readonly toClassOnly?: boolean
    readonly toPlainOnly?: boolean
  }
}

export interface TransformFact extends TransformerFact {
  readonly transformFn: (parameters: {
    value: unknown
    key: string
    obj: unknown
    type: number
    options: object
  }) => unknown
}

/** `@Type` as class-transformer recorded it. */
export interface TypeFact {
  readonly target: AbstractClass
  readonly propertyName: string
  readonly reflectedType: unknown
  readonly typeFunction: (about: { newObject: object; object: object; property: string }) => unknown
  readonly options: {
    readonly keepDiscriminatorProperty?: boolean
    readonly discriminator?: {
      readonly property: string
      readonly subTypes: readonly { readonly name: string; readonly value: AbstractClass }[]
    }
  }
}

type FactsByProperty<F> = Map<string | undefined, F>

/** The parts of class-transformer's storage that are read; it offers no public way to them. */
export interface TransformerStorage {
  readonly _typeMetadatas: Map<AbstractClass, FactsByProperty<TypeFact>>
  readonly _exposeMetadatas: Map<AbstractClass, FactsByProperty<TransformerFact>>
  readonly _excludeMetadatas: Map<AbstractClass, FactsByProperty<TransformerFact>>
  readonly _transformMetadatas: Map<AbstractClass, FactsByProperty<TransformFact[]>>
  findTypeMetadata(type: AbstractClass, property: string): TypeFact | undefined
  findExposeMetadata(type: AbstractClass, property: string): TransformerFact | undefined
  findExcludeMetadata(type: AbstractClass, property: string): TransformerFact | undefined
  findTransformMetadatas(type: AbstractClass, property: string, direction: number): TransformFact[]
  findExposeMetadataByCustomName(type: AbstractClass, name: string): TransformerFact | undefined
  getStrategy(type: AbstractClass): 'none' | 'excludeAll' | 'exposeAll'
  getExposedProperties(type: AbstractClass, direction: number): string[]
  getExcludedProperties(type: AbstractClass, direction: number): string[]
}

/** class-transformer's names for the two ways. */
export const PLAIN_TO_CLASS = 0
export const CLASS_TO_PLAIN = 1

const require = createRequire(import.meta.url)

/** Asked for with every class, and the same for the life of the process. */
const RESOLVED: { storage?: string } = {}

/** class-transformer's storage; `undefined` while the library is not loaded. */
export function transformerStorage(): TransformerStorage | undefined {
  const loaded = require.cache[(RESOLVED.storage ??= require.resolve('class-transformer/cjs/storage.js'))]
  return (loaded?.exports as { defaultMetadataStorage?: TransformerStorage } | undefined)?.defaultMetadataStorage
}

/** The rules of class-validator for a class, own and inherited; with groups, those of the groups. */
export function constraintsOf(type: AbstractClass, groups?: readonly string[]): readonly ConstraintFact[] {
  return validatorStorage()?.getTargetValidationMetadatas(type, '', false, false, groups) ?? []
}

/** What asks a rule. */
export function constraintClassesOf(fact: ConstraintFact): readonly ConstraintClass[] {
  return validatorStorage()?.getTargetValidatorConstraints(fact.constraintCls) ?? []
}

function validatorStorage(): ValidatorStorage | undefined {
  return (globalThis as { classValidatorMetadataStorage?: ValidatorStorage }).classValidatorMetadataStorage
}

/** The class and what it extends, nearest first. */
export function lineageOf(type: AbstractClass): readonly AbstractClass[] {
  const lineage: AbstractClass[] = []
  for (let each = type; typeof each === 'function' && each.prototype !== undefined && (each as unknown) !== Object;) {
    lineage.push(each)
    each = Object.getPrototypeOf(each) as AbstractClass
  }
  return lineage
}

/** Names of the properties that class-validator or class-transformer know, own and inherited, as they were declared. */
export function describedProperties(type: AbstractClass): readonly string[] {
  return inOneOrder([
    constraintsOf(type).map((constraint) => constraint.propertyName),
    ...transformerFacts(type).map((facts) => [...facts.keys()].filter((property) => property !== undefined)),
  ])
}

/** Each library knows some of the properties, in the order in which they were declared: what it alone knows goes between. */
function inOneOrder(parts: readonly (readonly string[])[]): readonly string[] {
  const all: string[] = []
  // Who knows most of them tells the order of the others'.
  for (const part of parts.toSorted((a, b) => b.length - a.length)) {
    let next = 0
    for (const name of part) {
      const at = all.indexOf(name)
      if (at < 0) all.splice(next, 0, name)
      next = (at < 0 ? next : at) + 1
    }
  }
  return all
}

/** Whether a class is a DTO: a decorator of class-validator or class-transformer stands in it or in what it extends. */
export function isDto(type: AbstractClass): boolean {
  return constraintsOf(type).length > 0 || transformerFacts(type).some((facts) => facts.size > 0)
}

/** Properties with any metadata, ours included: those that can have an emitted type. */
export function decoratedProperties(type: AbstractClass): readonly string[] {
  const ours = decoratedMembers(type).filter((member) => typeof member === 'string')
  return inOneOrder([describedProperties(type), ours])
}

/** The emitted type of a property, when it is a class that an application wrote. */
export function emittedClass(type: AbstractClass, property: string): AbstractClass | undefined {
  const emitted = emittedType(type.prototype as object, property)
  return typeof emitted === 'function' && !isBuiltIn(emitted) ? (emitted as AbstractClass) : undefined
}

/** Whether a class or function belongs to the platform: it describes no fields. */
export function isBuiltIn(type: unknown): boolean {
  return typeof type === 'function' && (globalThis as Record<string, unknown>)[type.name] === type
}

function transformerFacts(type: AbstractClass): FactsByProperty<unknown>[] {
  const storage = transformerStorage()
  if (!storage) return []
  const { _typeMetadatas, _exposeMetadatas, _excludeMetadatas, _transformMetadatas } = storage
  const all: Map<AbstractClass, FactsByProperty<unknown>>[] = [
    _typeMetadatas,
    _exposeMetadatas,
    _excludeMetadatas,
    _transformMetadatas,
  ]
  return lineageOf(type).flatMap((each) => all.flatMap((facts) => facts.get(each) ?? []))
}
