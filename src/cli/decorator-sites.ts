/**
 * Where decorators were written. swc's source maps leave them out, and they are what nearly every finding is about:
 * they are counted in what was compiled, and found by their number in the source.
 */
import { listItems } from '../check/source/running-text.ts'

/** A node of swc's tree; what it holds depends on its type. */
interface Node {
  readonly type: string
  readonly span: { readonly start: number }
  readonly [property: string]: unknown
}

/** Answers swc's tree of a TypeScript module. */
export type Parse = (source: string) => { readonly body: readonly Node[] }

export interface Position {
  readonly line: number
  readonly column: number
}

/** @returns translates a position in what was compiled; `undefined` for what is no decorator. Nothing is read before. */
export function decoratorSites(
  compiled: string,
  source: string,
  parse: Parse,
): (line: number, column: number) => Position | undefined {
  let calls: readonly DecoratorCall[] | undefined
  let written: ReadonlyMap<string, Position> | undefined
  return (line, column) => {
    calls ??= decoratorCalls(compiled)
    const offset = offsetOf(compiled, line, column)
    const call = calls.find(({ start, end }) => start <= offset && offset < end)
    if (!call) return undefined
    written ??= writtenDecorators(source, parse)
    return written.get(call.key)
  }
}

interface DecoratorCall {
  readonly start: number
  readonly end: number
  /** The class, the member, the parameter, and which of its decorators. */
  readonly key: string
}

const DECORATE = '_ts_decorate(['
const PARAMETER = /^_ts_param\((\d+),/
const TARGET = /^\]\s*,\s*(?<type>[\w$]+)(?<instance>\.prototype)?(?:\s*,\s*(?<member>"(?:[^"\\]|\\.)*"|[^,)]+))?/

function decoratorCalls(compiled: string): readonly DecoratorCall[] {
  const calls: DecoratorCall[] = []
  for (let at = compiled.indexOf(DECORATE); at !== -1; at = compiled.indexOf(DECORATE, at + 1)) {
    const { items, end } = listItems(compiled, at + DECORATE.length - 1)
    const { type, instance, member } = TARGET.exec(compiled.slice(end))?.groups ?? {}
    const target = targetKey(type, nameIn(member), instance === undefined && member !== undefined)
    const count = counter()
    for (const { start, end: stop } of items) {
      const text = compiled.slice(start, stop)
      if (text.startsWith('_ts_metadata(')) continue
      calls.push({ start, end: stop, key: count(target, PARAMETER.exec(text)?.[1]) })
    }
  }
  return calls
}

function nameIn(member: string | undefined): string | undefined {
  return member?.startsWith('"') ? (JSON.parse(member) as string) : member?.trim()
}

function writtenDecorators(source: string, parse: Parse): ReadonlyMap<string, Position> {
  // swc counts bytes, on from the last source it has read: the empty statement tells where this one begins.
  const { body } = parse(`;${source}`)
  const base = (body[0]?.span.start ?? 0) + 1
  const bytes = Buffer.from(source)
  const found = new Map<string, Position>()
  const note = (key: string, { span }: Node): void => {
    const before = bytes
      .subarray(0, span.start - base)
      .toString()
      .split('\n')
    // Behind the @, as the engine counts.
    found.set(key, { line: before.length, column: (before.at(-1)?.length ?? 0) + 2 })
  }
  for (const node of body) visitClasses(node, (type) => noteClass(type, note))
  return found
}

type Note = (key: string, decorator: Node) => void

function noteClass(type: Node, note: Note): void {
  const name = (type['identifier'] as { readonly value?: string } | null)?.value
  const target = targetKey(name, undefined, false)
  const onClass = counter()
  for (const each of nodes(type['decorators'])) note(onClass(target), each)
  for (const member of nodes(type['body'])) {
    const method = member['function'] as Node | undefined
    const isConstructor = member.type === 'Constructor'
    const own = isConstructor ? target : targetKey(name, keyName(member['key']), member['isStatic'] === true)
    const count = isConstructor ? onClass : counter()
    for (const each of nodes(method?.['decorators'] ?? member['decorators'])) note(count(own), each)
    nodes(method?.['params'] ?? member['params']).forEach((parameter, index) => {
      for (const each of nodes(parameter['decorators'])) note(count(own, String(index)), each)
    })
  }
}

function visitClasses(value: unknown, visit: (type: Node) => void): void {
  if (typeof value !== 'object' || value === null) return
  const { type } = value as Partial<Node>
  if (type === 'ClassDeclaration' || type === 'ClassExpression') visit(value as Node)
  for (const each of Object.values(value)) visitClasses(each, visit)
}

function nodes(value: unknown): readonly Node[] {
  return Array.isArray(value) ? (value as readonly Node[]) : []
}

function keyName(key: unknown): string {
  return String((key as { readonly value?: unknown } | undefined)?.value)
}

function targetKey(type: string | undefined, member: string | undefined, isStatic: boolean): string {
  return `${type}${member === undefined ? '' : `${isStatic ? '.' : '#'}${member}`}`
}

/** Numbers the decorators of one target and parameter. */
function counter(): (target: string, parameter?: string) => string {
  const counts = new Map<string, number>()
  return (target, parameter = '') => {
    const name = `${target} ${parameter}`
    const count = counts.get(name) ?? 0
    counts.set(name, count + 1)
    return `${name} ${count}`
  }
}

function offsetOf(text: string, line: number, column: number): number {
  let start = 0
  for (let each = 1; each < line; each++) start = text.indexOf('\n', start) + 1
  return start + column - 1
}
