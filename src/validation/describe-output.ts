/** What leaves as a model, as data: the fields that the serializer writes, by the names callers read. */
import { emittedType, type AbstractClass } from '../../decorators/index.ts'
import type { DescribedRule, InputDescriber } from './describe-input.ts'
import { OutputModel, type OutputField } from './output-model.ts'
import { isDto, type TypeFact } from './validation-metadata.ts'

/** One field of an answer. */
export interface DescribedOutput {
  readonly key: string
  readonly property: string
  /** What the compiler emitted: `Array`, `Number`, `Date`, a class, `Object` for what it cannot name, ... */
  readonly emitted: unknown
  /** `map`: an object with any keys. */
  readonly form: 'one' | 'list' | 'map'
  /** What a value, or each element, is: by `@Type`, else by what was emitted. `undefined`: nobody knows. */
  readonly type: unknown
  readonly variants:
    | { readonly property: string; readonly types: readonly { name: string; type: AbstractClass }[] }
    | undefined
  /** A `@Transform` decides what leaves. */
  readonly isTransformed: boolean
  /** It says that a value may be missing: `@IsOptional()`. */
  readonly isOptional: boolean
  readonly rules: readonly DescribedRule[]
}

/** @param inputs - Knows the rules: a model that is taken in too says more about its values. */
export function describeOutput(
  type: AbstractClass,
  inputs: InputDescriber,
  groups: readonly string[] = [],
): readonly DescribedOutput[] {
  const taken = new Map(inputs.of(type, { mode: 'strip' }).fields.map((field) => [field.property, field]))
  return new OutputModel(type, groups).fields.map((field) => {
    const input = taken.get(field.property)
    return {
      ...describeField(type, field),
      isOptional: input?.isOptional ?? false,
      rules: input?.rules ?? [],
    }
  })
}

function describeField(
  model: AbstractClass,
  { property, key, typed, transforms }: OutputField,
): Omit<DescribedOutput, 'isOptional' | 'rules'> {
  const emitted = emittedType(model.prototype as object, property)
  const discriminator = typed?.options.discriminator
  return {
    key,
    property,
    emitted,
    form: formOf(emitted, typed),
    type: typeOf(emitted, typed),
    variants: discriminator && {
      property: discriminator.property,
      types: discriminator.subTypes.map(({ name, value }) => ({ name, type: value })),
    },
    isTransformed: transforms.length > 0,
  }
}

function formOf(emitted: unknown, typed: TypeFact | undefined): DescribedOutput['form'] {
  if (emitted === Map || typed?.reflectedType === Map) return 'map'
  return emitted === Array || emitted === Set ? 'list' : 'one'
}

const CONTAINERS: ReadonlySet<unknown> = new Set([Array, Set, Map, Object])
const SCALARS: ReadonlySet<unknown> = new Set([String, Number, Boolean, Date, BigInt, Buffer, Uint8Array])

function typeOf(emitted: unknown, typed: TypeFact | undefined): unknown {
  if (typed) {
    return typed.typeFunction.length > 0
      ? undefined
      : typed.typeFunction({ newObject: {}, object: {}, property: typed.propertyName })
  }
  if (CONTAINERS.has(emitted)) return undefined
  if (SCALARS.has(emitted)) return emitted
  return typeof emitted === 'function' && isDto(emitted as AbstractClass) ? emitted : undefined
}
