/** From trees of broken values to a flat list with JSON pointers. */
import type { AbstractClass } from '../../decorators/index.ts'
import type { ProblemError } from '../errors/problem.ts'
import type { InputShapes } from './input-shape.ts'
import { pointerTo } from './json-pointer.ts'
import type { BrokenValue } from './run-rules.ts'

const UNKNOWN_FIELD = 'whitelistValidation'

/** What is known before the errors are read. */
export interface ErrorReading {
  readonly shapes: InputShapes
  readonly isStrict: boolean
  /** Pointers that were reported already; what stands at or below them is not repeated. */
  readonly failed: ReadonlySet<string>
}

/** One entry for every broken rule of every property, in class-validator's order. */
export function problemErrors(
  broken: readonly BrokenValue[],
  pointer: string,
  reading: ErrorReading,
): readonly ProblemError[] {
  return broken.flatMap((each) => {
    const { target, property, children } = each
    if (each.broken.size === 0 && children.length === 0) return []
    const at = property === undefined ? pointer : pointerTo(pointer, inputName(target, property, reading.shapes))
    if (reading.failed.has(at)) return []
    const own = [...each.broken]
      .filter(([code]) => code !== UNKNOWN_FIELD || isForeign(target, property ?? '', reading.isStrict))
      .map(([code, detail]) => ({ pointer: at, code, detail }))
    return [...own, ...problemErrors(children, at, reading)]
  })
}

/** Members of lists, maps and sets go by index or key, fields by what callers call them. */
function inputName(target: object, property: string, shapes: InputShapes): string {
  if (Array.isArray(target) || target instanceof Map || target instanceof Set) return property
  return shapes.of(target.constructor as AbstractClass).byProperty.get(property)?.key ?? property
}

/**
 * The input was read against the shape before, so what has no rule either came from a transform of
 * the author or from an initializer of the class. The latter is the author's word, not the caller's.
 */
function isForeign(target: object, property: string, isStrict: boolean): boolean {
  if (isInitialized(target, property)) return false
  if (isStrict) return true
  delete (target as Record<string, unknown>)[property]
  return false
}

function isInitialized(target: object, property: string): boolean {
  if (target.constructor === Object) return false
  const blank = new (target.constructor as new () => object)()
  return Object.hasOwn(blank, property)
}
