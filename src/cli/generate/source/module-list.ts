/** The lists of `@Module({ … })`: an element more, or one less, in the way the list is written. */
import type { Syntax } from '../../../check/source-rules/source-program.ts'
import { decoratorsOf } from '../../../check/source-rules/class-index.ts'
import { parse, replace } from './edit.ts'

export interface Listed {
  /** The module's class. */
  readonly type: string
  /** `imports`, `providers`, … */
  readonly list: string
  readonly element: string
}

/** Why a list cannot be changed; `undefined` stands for "it is in it already". */
export class ListUnfit extends Error {}

const LONGEST_LINE = 120

/**
 * @returns `undefined` when the element stands there already.
 * @throws `ListUnfit`
 */
export function addToList(syntax: Syntax, text: string, { type, list, element }: Listed): string | undefined {
  const options = moduleOptions(syntax, text, type)
  const property = propertyOf(syntax, options, list)
  if (!property) return append(text, options, options.properties, `${list}: [${element}]`)
  const array = property.initializer
  if (!syntax.isArrayLiteralExpression(array)) throw new ListUnfit(`${list} of ${type} is no list`)
  if (array.elements.some((each) => each.getText() === element)) return undefined
  const longer = append(text, array, array.elements, element)
  const line = longer.slice(startOfLine(longer, array.getStart())).split('\n', 1)[0]!
  if (line.length <= LONGEST_LINE || isInLines(text, array)) return longer
  return replace(text, inLines(text, array, element))
}

/** Whether there is such a list, and nothing in it. */
export function isEmptyList(syntax: Syntax, text: string, { type, list }: Pick<Listed, 'type' | 'list'>): boolean {
  const array = propertyOf(syntax, moduleOptions(syntax, text, type), list)?.initializer
  return array !== undefined && syntax.isArrayLiteralExpression(array) && array.elements.length === 0
}

/**
 * The text without it; as it is when it is not there.
 * @param isWhole - An empty list goes as well.
 */
export function removeFromList(
  syntax: Syntax,
  text: string,
  { type, list, element }: Listed,
  isWhole: boolean,
): string {
  const options = moduleOptions(syntax, text, type)
  const property = propertyOf(syntax, options, list)
  const array = property?.initializer
  if (!property || !array || !syntax.isArrayLiteralExpression(array)) return text
  const index = array.elements.findIndex((each) => each.getText() === element)
  if (index < 0) return text
  if (array.elements.length > 1) return takeOut(text, array, array.elements, index)
  if (isWhole) return takeOut(text, options, options.properties, options.properties.indexOf(property))
  return replace(text, { start: array.getStart(), end: array.getEnd(), text: '[]' })
}

type Items = import('ts-morph').ts.NodeArray<import('ts-morph').ts.Node>
type Around = import('ts-morph').ts.Node

/** Behind the last one: in a line of its own where that has one, and comments stay with what they stand behind. */
function append(text: string, around: Around, items: Items, added: string): string {
  const last = items.at(-1)
  const [open, close] = [text[around.getStart()]!, text[around.getEnd() - 1]!]
  if (!last) {
    const inner = open === '{' ? `{ ${added} }` : `${open}${added}${close}`
    return replace(text, { start: around.getStart(), end: around.getEnd(), text: inner })
  }
  const at = last.getEnd()
  if (!isInLines(text, around)) return replace(text, { start: at, end: at, text: `, ${added}` })
  const comma = items.hasTrailingComma ? '' : ','
  const lineEnd = text.indexOf('\n', at)
  const rest = text.slice(at, lineEnd)
  return `${text.slice(0, at)}${comma}${rest}\n${indentOf(text, last)}${added}${items.hasTrailingComma ? ',' : ''}${text.slice(lineEnd)}`
}

function takeOut(text: string, around: Around, items: Items, index: number): string {
  const found = items[index]!
  const [before, after] = [items[index - 1], items[index + 1]]
  if (isInLines(text, around) && text.slice(startOfLine(text, found.getStart()), found.getStart()).trim() === '') {
    const end = text.indexOf('\n', found.getEnd()) + 1
    const without = replace(text, { start: startOfLine(text, found.getStart()), end, text: '' })
    if (after || items.hasTrailingComma || !before) return without
    return replace(without, { start: before.getEnd(), end: before.getEnd() + 1, text: '' })
  }
  if (before) return replace(text, { start: before.getEnd(), end: found.getEnd(), text: '' })
  if (after) return replace(text, { start: found.getStart(), end: after.getStart(), text: '' })
  return replace(text, {
    start: around.getStart(),
    end: around.getEnd(),
    text: text[around.getStart()] === '{' ? '{}' : '[]',
  })
}

function isInLines(text: string, around: Around): boolean {
  const first = text.slice(around.getStart(), around.getEnd())
  return /^[[{][^\S\n]*(?:\/\/[^\n]*)?\n/.test(first)
}

function indentOf(text: string, node: Around): string {
  return /^[ \t]*/.exec(text.slice(startOfLine(text, node.getStart())))![0]
}

type Options = import('ts-morph').ts.ObjectLiteralExpression
type Property = import('ts-morph').ts.PropertyAssignment
type List = import('ts-morph').ts.ArrayLiteralExpression

function moduleOptions(syntax: Syntax, text: string, type: string): Options {
  const declaration = parse(syntax, text).statements.find(
    (each) => syntax.isClassDeclaration(each) && each.name?.text === type,
  )
  const module = declaration && decoratorsOf(syntax, declaration).find(({ name }) => name === 'Module')
  const [options] = module?.arguments ?? []
  if (!options || !syntax.isObjectLiteralExpression(options)) {
    throw new ListUnfit(`${type} has no @Module({ … }) of its own`)
  }
  return options
}

function propertyOf(syntax: Syntax, options: Options, name: string): Property | undefined {
  return options.properties.find(
    (each): each is Property => syntax.isPropertyAssignment(each) && each.name.getText() === name,
  )
}

/** A list that has become too long for a line: one element a line. */
function inLines(text: string, array: List, element: string): { start: number; end: number; text: string } {
  const indent = /^[ \t]*/.exec(text.slice(startOfLine(text, array.getStart())))![0]
  const lines = [...array.elements.map((each) => each.getText()), element].map((each) => `${indent}  ${each},\n`)
  return { start: array.getStart(), end: array.getEnd(), text: `[\n${lines.join('')}${indent}]` }
}

function startOfLine(text: string, at: number): number {
  return text.lastIndexOf('\n', at - 1) + 1
}
