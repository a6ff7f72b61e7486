/** From class-validator's error trees to a flat list with JSON pointers. */
import type { ValidationError } from 'class-validator'

import type { AbstractClass } from '../../../../decorators/index.ts'
import type { ProblemError } from '../../../../src/errors/problem.ts'
import type { InputShapes } from '../../../../src/validation/input-shape.ts'
import { pointerTo } from '../../../../src/validation/json-pointer.ts'

const UNKNOWN_FIELD = 'whitelistValidation'

/** What is known before the errors are read. */
export interface ErrorReading {
  readonly shapes: InputShapes
  readonly isStrict: boolean
  /** Pointers that were reported already; what stands at or below them is not repeated. */
  readonly failed: ReadonlySet<string>
}

/** One entry for every broken rule of every property, in the library's order. */
export function problemErrors(
  errors: readonly ValidationError[],
  pointer: string,
  reading: ErrorReading,
): readonly ProblemError[] {
  return errors.flatMap((error) => {
    const at = error.property === undefined ? pointer : pointerTo(pointer, inputName(error, reading.shapes))
    if (reading.failed.has(at)) return []
    const own = Object.entries(error.constraints ?? {})
      .filter(([code]) => code !== UNKNOWN_FIELD || isForeign(error, reading.isStrict))
      .map(([code, detail]) => ({ pointer: at, code, detail }))
    return [...own, ...problemErrors(error.children ?? [], at, reading)]
  })
}

/** Members of lists, maps and sets go by index or key, fields by what callers call them. */
function inputName({ target, property }: ValidationError, shapes: InputShapes): string {
  if (target === undefined || Array.isArray(target) || target instanceof Map || target instanceof Set) return property
  return shapes.of(target.constructor as AbstractClass).byProperty.get(property)?.key ?? property
}

/**
 * The input was read against the shape before, so what class-validator does not know either came from a transform of
 * the author or from an initializer of the class. The latter is the author's word, not the caller's.
 */
function isForeign({ target, property }: ValidationError, isStrict: boolean): boolean {
  if (target === undefined || isInitialized(target, property)) return false
  if (isStrict) return true
  delete (target as Record<string, unknown>)[property]
  return false
}

function isInitialized(target: object, property: string): boolean {
  if (target.constructor === Object) return false
  const blank = new (target.constructor as new () => object)()
  return Object.hasOwn(blank, property)
}
