/** One value out of a request, as the type that the parameter declares. Chosen at boot, per parameter. */
import { ConversionFailure, convertText, TEXT_TYPES } from '../validation/convert-text.ts'
import { ParameterInvalid } from './request-errors.ts'

/** What the converted value is called in errors. */
export interface ArgumentPlace {
  /** `#/query/page` */
  readonly pointer: string
  /** `query parameter page` */
  readonly name: string
}

/** Texts in, an argument out; a value that is not there stays `undefined`. */
export type TextConverter = (given: string | readonly string[] | undefined) => unknown

/**
 * Converts a text by emitted type. Whether a parameter is optional cannot be seen at run time, so a value that is not
 * there is `undefined` for the handler, whose default then counts.
 * @throws `REQUEST_PARAMETER_INVALID` from the converter, with the reason.
 */
export function textConverter(type: unknown, place: ArgumentPlace): TextConverter {
  if (type === Array) return (given) => (typeof given === 'string' ? [given] : given)
  if (!TEXT_TYPES.has(type)) return (given) => given
  return (given) => {
    if (given === undefined) return undefined
    if (typeof given !== 'string') {
      throw new ParameterInvalid(
        place.pointer,
        'isSingle',
        `${place.name} must be given once, not ${given.length} times`,
      )
    }
    return orRefuse(convertText(given, type), place)
  }
}

/**
 * Converts a value of a JSON document by emitted type. JSON has types of its own: `"5"` is no number there.
 * @throws `REQUEST_PARAMETER_INVALID` from the converter, with the reason.
 */
export function jsonConverter(type: unknown, place: ArgumentPlace): (given: unknown) => unknown {
  switch (type) {
    case String:
      return (given) => requireType(given, 'string', 'isString', 'a string', place)
    case Number:
      return (given) => requireType(given, 'number', 'isNumber', 'a number', place)
    case Boolean:
      return (given) => requireType(given, 'boolean', 'isBoolean', 'true or false', place)
    case Date:
    case BigInt:
      return (given) => {
        const text = typeof given === 'number' && type === BigInt ? String(given) : given
        requireType(text, 'string', 'isString', 'a string', place)
        return typeof text === 'string' ? orRefuse(convertText(text, type), place) : undefined
      }
    case Array:
      return (given) => {
        if (given === undefined || Array.isArray(given)) return given
        throw new ParameterInvalid(place.pointer, 'isArray', `${place.name} must be a list`)
      }
    default:
      return (given) => given
  }
}

function requireType(given: unknown, type: string, rule: string, expected: string, place: ArgumentPlace): unknown {
  if (given === undefined || typeof given === type) return given
  throw new ParameterInvalid(place.pointer, rule, `${place.name} must be ${expected}`)
}

function orRefuse(value: unknown, { pointer, name }: ArgumentPlace): unknown {
  if (value instanceof ConversionFailure) throw new ParameterInvalid(pointer, value.code, value.detail(name))
  return value
}
