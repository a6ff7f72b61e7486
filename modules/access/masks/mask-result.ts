/**
 * Masks every row that stands anywhere in an answer: alone, in lists, in pages, in other rows. What holds no masked row
 * stays the same object; what does is copied.
 */
import { isDate, isMap, isPromise, isSet } from 'node:util/types'

import { policyOf, type ResourcePolicy } from '../policy/resource-policy.ts'

/** A masked copy of a row, or the row itself. */
export type MaskOne = (row: object, policy: ResourcePolicy) => object | Promise<object>

/** Answers are trees; what is nested deeper than this was not meant to be one. */
const DEEPEST = 32

export async function maskResult(result: unknown, maskOne: MaskOne): Promise<unknown> {
  return walk(result, { maskOne, seen: new Map() }, 0)
}

interface Walk {
  readonly maskOne: MaskOne
  readonly seen: Map<object, unknown>
}

async function walk(value: unknown, state: Walk, depth: number): Promise<unknown> {
  if (typeof value !== 'object' || value === null || depth > DEEPEST || isOpaque(value)) return value
  if (state.seen.has(value)) return state.seen.get(value)
  // Of a circle the beginning is met again before it is done; the serializer refuses circles.
  state.seen.set(value, value)
  const masked = await mask(value, state, depth)
  state.seen.set(value, masked)
  return masked
}

async function mask(value: object, state: Walk, depth: number): Promise<unknown> {
  if (Array.isArray(value)) return walkList(value, state, depth)
  if (isSet(value)) return new Set(await walkList([...value], state, depth))
  if (isMap(value)) {
    const entries = [...value.entries()]
    const values = await walkList(
      entries.map(([, each]) => each),
      state,
      depth,
    )
    return new Map(entries.map(([key], index) => [key, values[index]]))
  }
  const policy = typeof value.constructor === 'function' ? policyOf(value.constructor as never) : undefined
  const row = policy?.hasFieldRules('read') ? await state.maskOne(value, policy) : value
  return walkFields(row, state, depth)
}

async function walkList(list: readonly unknown[], state: Walk, depth: number): Promise<readonly unknown[]> {
  const masked: unknown[] = []
  for (const each of list) masked.push(await walk(each, state, depth + 1))
  return masked.every((each, index) => each === list[index]) ? list : masked
}

async function walkFields(object: object, state: Walk, depth: number): Promise<object> {
  let copy: Record<string, unknown> | undefined
  for (const [name, value] of Object.entries(object)) {
    const masked = await walk(value, state, depth + 1)
    if (masked === value) continue
    copy ??= Object.assign(
      Object.create(Object.getPrototypeOf(object) as object | null) as Record<string, unknown>,
      object,
    )
    copy[name] = masked
  }
  return copy ?? object
}

/** Values and streams: nothing in them is a row. */
function isOpaque(value: object): boolean {
  return isDate(value) || ArrayBuffer.isView(value) || isPromise(value) || 'pipe' in value || 'getReader' in value
}
