/** The place of a parameter that carries no decorator: found in the text of its constructor or method. */
import type { CallSite, Class, MemberName } from '../../../decorators/index.ts'
import { functionSite } from './function-site.ts'
import { listItems, siteAt, textAt } from './running-text.ts'

/**
 * @param member - A method; without one, the constructor.
 * @param fallback - Answered when the text does not tell: generated code, or a constructor that is inherited.
 */
export function parameterSite(
  type: Class,
  member: MemberName | undefined,
  index: number,
  fallback: CallSite,
): CallSite {
  const site = functionSite(
    member === undefined ? constructorOf(type) : (type.prototype as Record<MemberName, unknown>)[member],
  )
  const position = site && textAt(site)
  if (!position || position.text[position.offset] !== '(') return fallback
  const parameter = listItems(position.text, position.offset).items[index]
  return parameter ? siteAt(site, position.text, parameter.start) : fallback
}

/** The class itself, or the nearest one it extends that writes a constructor. */
export function constructorOf(type: Class): Class {
  let each = type
  while (!writesConstructor(each)) {
    const parent = Object.getPrototypeOf(each) as Class | null
    if (typeof parent !== 'function' || parent === Function.prototype) return type
    each = parent
  }
  return each
}

function writesConstructor(type: Class): boolean {
  return type.length > 0 || /\bconstructor\s*\(/.test(Function.prototype.toString.call(type))
}
