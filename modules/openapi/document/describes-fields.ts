/** Whether a type is a class with fields of its own: neither one of the platform nor a word of the compiler. */
import type { AbstractClass } from 'tenon/decorators'

const PLATFORM: ReadonlySet<unknown> = new Set([
  String,
  Number,
  Boolean,
  Date,
  BigInt,
  Symbol,
  Array,
  Object,
  Function,
  Promise,
  Map,
  Set,
  Buffer,
  Uint8Array,
  URL,
])

export function describesFields(type: unknown): type is AbstractClass {
  return typeof type === 'function' && !PLATFORM.has(type)
}
