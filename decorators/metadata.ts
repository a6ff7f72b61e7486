/**
 * The typed slots that decorators write to and the kernel reads from.
 * A slot holds a value and the place it was written at; it never acts.
 */
import 'reflect-metadata'

import { callSite, type CallSite } from './call-site.ts'

/** A class whose instances are `T`. */
export type Class<T = unknown> = new (...args: any[]) => T

/** A class that need not be constructible: abstract classes are tokens too. */
export type AbstractClass<T = unknown> = abstract new (...args: any[]) => T

/** A method or property name. */
export type MemberName = string | symbol

/** What a decorator wrote, and where. */
export interface Written<T> {
  readonly value: T
  readonly at: CallSite
}

/**
 * Values by the class or prototype they were written on, and by member. Reflect's own storage is asked thousands of times
 * at each start, and takes ten calls for an answer.
 */
type Slot<V> = WeakMap<object, Map<MemberName | undefined, V>>

/** Members that a decorator of ours wrote on, by prototype. */
const MEMBERS = new WeakMap<object, Set<MemberName>>()

/**
 * Facts of which the nearest holds: what one of them says of a method replaces what any other says of its class or
 * module, and what a subclass says replaces what its base says.
 */
export class MetadataGroup {
  readonly #keys: MetadataKey<unknown>[] = []

  get keys(): readonly MetadataKey<unknown>[] {
    return this.#keys
  }

  /** @internal */
  add(key: MetadataKey<unknown>): void {
    this.#keys.push(key)
  }

  /** The nearest class (for members: prototype) in the line of inheritance on which any fact of the group was written. */
  holder(target: object, member?: MemberName): object | undefined {
    for (
      let each: object | null = holderOf(target, member);
      each;
      each = Object.getPrototypeOf(each) as object | null
    ) {
      const holder = each
      if (this.#keys.some((key) => key.writtenHere(holder, member))) return holder
    }
    return undefined
  }
}

/** One fact about a class, or about one of its members. Writing again replaces it; a subclass inherits it. */
export class MetadataKey<T> {
  readonly name: string
  readonly group: MetadataGroup | undefined
  readonly #slot: Slot<Written<T>> = new WeakMap()
  readonly #declares: boolean

  /**
   * @param name - Dotted and lower case, `area.fact`: what diagnostics call this fact.
   * @param group - Facts that it replaces, and that replace it, where they are written nearer to a method.
   * @param options.declares - `false` for remarks: a member about which only remarks were made is not listed by
   * `decoratedMembers`, so a remark alone never makes a property part of a model. Default: `true`.
   */
  constructor(name: string, group?: MetadataGroup, { declares = true }: { readonly declares?: boolean } = {}) {
    this.name = name
    this.group = group
    this.#declares = declares
    group?.add(this)
  }

  /** @param target - The class, or the prototype when `member` is given (what the compiler hands to a decorator). */
  write(value: T, target: object, member?: MemberName, at: CallSite = callSite()): void {
    writeSlot(this.#slot, { value, at }, target, member, this.#declares)
  }

  /** The value, own or inherited. A class and its prototype are both accepted for members. */
  read(target: object, member?: MemberName): T | undefined {
    return this.written(target, member)?.value
  }

  /** The value together with the place it was written at. */
  written(target: object, member?: MemberName): Written<T> | undefined {
    return readSlot(this.#slot, target, member)
  }

  /** The value of this class alone, ignoring what it inherits. */
  writtenHere(target: object, member?: MemberName): Written<T> | undefined {
    return ownSlot(this.#slot, holderOf(target, member), member)
  }
}

/** Many facts of one kind, in the order they are written in the source; a subclass adds to what it inherits. */
export class MetadataListKey<T> {
  readonly name: string
  readonly #slot: Slot<readonly Written<T>[]> = new WeakMap()

  constructor(name: string) {
    this.name = name
  }

  /** Decorators run from the last line to the first, so each new value goes to the front. */
  add(value: T, target: object, member?: MemberName, at: CallSite = callSite()): void {
    const own = ownSlot(this.#slot, target, member) ?? []
    writeSlot(this.#slot, [{ value, at }, ...own], target, member)
  }

  /** Values of base classes first. */
  read(target: object, member?: MemberName): readonly T[] {
    return this.written(target, member).map((entry) => entry.value)
  }

  written(target: object, member?: MemberName): readonly Written<T>[] {
    const chain: object[] = []
    let holder: object | null = holderOf(target, member)
    while (holder && holder !== Object.prototype && holder !== Function.prototype) {
      chain.unshift(holder)
      holder = Object.getPrototypeOf(holder) as object | null
    }
    return chain.flatMap((each) => ownSlot(this.#slot, each, member) ?? [])
  }

  /** The values of this class alone, ignoring what it inherits. */
  writtenHere(target: object, member?: MemberName): readonly Written<T>[] {
    return ownSlot(this.#slot, holderOf(target, member), member) ?? []
  }
}

/** Names of all members of a class that any decorator of ours wrote on, in source order, base classes first. */
export function decoratedMembers(type: AbstractClass): readonly MemberName[] {
  const names = new Set<MemberName>()
  const chain: object[] = []
  for (let holder = type.prototype as object; holder && holder !== Object.prototype;) {
    chain.unshift(holder)
    holder = Object.getPrototypeOf(holder) as object
  }
  for (const holder of chain) {
    for (const name of MEMBERS.get(holder) ?? []) names.add(name)
  }
  return [...names]
}

/** Types that the compiler emitted for a constructor's or method's parameters; `undefined` where it emitted none. */
export function emittedParameterTypes(target: object, member?: MemberName): readonly unknown[] | undefined {
  return readReflected('design:paramtypes', holderOf(target, member), member)
}

/** The class whose constructor runs: the nearest for which the compiler emitted parameter types; else the class itself. */
export function constructorOwner(type: object): object {
  let each: object | null = type
  while (each && each !== Function.prototype) {
    if (Reflect.hasOwnMetadata('design:paramtypes', each)) return each
    each = Object.getPrototypeOf(each) as object | null
  }
  return type
}

/** The type that the compiler emitted for a property. */
export function emittedType(target: object, member: MemberName): unknown {
  return readReflected('design:type', holderOf(target, member), member)
}

/** The type that the compiler emitted for what a method returns. */
export function emittedReturnType(target: object, member: MemberName): unknown {
  return readReflected('design:returntype', holderOf(target, member), member)
}

function readReflected<T>(key: string, holder: object, member?: MemberName): T | undefined {
  const found: unknown =
    member === undefined ? Reflect.getMetadata(key, holder) : Reflect.getMetadata(key, holder, member)
  return found as T | undefined
}

/** Member facts stand on the prototype; readers may hand in the class. */
function holderOf(target: object, member?: MemberName): object {
  if (member === undefined || typeof target !== 'function') return target
  const { prototype } = target as AbstractClass
  return prototype !== undefined && member in (prototype as object)
    ? (prototype as object)
    : writableHolder(target, member)
}

/** Properties are not on the prototype, statics are on the class: take the side that was written to. */
function writableHolder(target: object, member: MemberName): object {
  return member in target && typeof (target as Record<MemberName, unknown>)[member] === 'function'
    ? target
    : ((target as unknown as AbstractClass).prototype as object)
}

function writeSlot<V>(slot: Slot<V>, value: V, target: object, member?: MemberName, declares = true): void {
  let own = slot.get(target)
  if (!own) slot.set(target, (own = new Map()))
  own.set(member, value)
  if (member === undefined || !declares) return
  const members = MEMBERS.get(target)
  if (members) members.add(member)
  else MEMBERS.set(target, new Set([member]))
}

function readSlot<V>(slot: Slot<V>, target: object, member?: MemberName): V | undefined {
  for (let each: object | null = holderOf(target, member); each; each = Object.getPrototypeOf(each) as object | null) {
    const found = slot.get(each)?.get(member)
    if (found !== undefined) return found
  }
  return undefined
}

function ownSlot<V>(slot: Slot<V>, target: object, member?: MemberName): V | undefined {
  return slot.get(target)?.get(member)
}
