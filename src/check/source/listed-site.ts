/** The place of one entry in the lists of `@Module({ ... })`: decorators only record where the whole was written. */
import { Token, type CallSite, type InjectionToken } from '../../../decorators/index.ts'
import { nameOf } from '../../graph/module-graph.ts'
import { listItems, literally, siteAt, textAt } from './running-text.ts'

/**
 * @param module - Where `@Module` was written; answered when the entry cannot be found.
 * @param list - `providers`, `internal`, ...
 */
export function listedSite(module: CallSite, list: string, token: InjectionToken): CallSite {
  const position = textAt(module)
  if (!position) return module
  const { text, offset } = position
  const start = text.indexOf('(', offset)
  const { end } = listItems(text, start)
  const listed = new RegExp(`\\b${list}\\b`).exec(text.slice(start, end))
  if (!listed) return module
  const opening = text.indexOf('[', start + listed.index)
  const { items } = listItems(text, opening)
  const name = identifierOf(token)
  const whole = new RegExp(`^(?:\\{\\s*provide:\\s*)?${literally(name)}(?![\\w$])`)
  const found = items.find((item) => whole.test(text.slice(item.start, item.end)))
  return found ? siteAt(module, text, found.start) : module
}

/** What code calls a token: the constant it was assigned to, where its place shows one. */
export function identifierOf(token: InjectionToken): string {
  if (!(token instanceof Token)) return nameOf(token)
  const position = textAt(token.at)
  const line = position && position.text.slice(position.text.lastIndexOf('\n', position.offset) + 1, position.offset)
  return /([\w$]+)\s*=[^=]*$/.exec(line ?? '')?.[1] ?? token.name
}
