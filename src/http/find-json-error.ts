/**
 * Where a text stops being JSON. Asked only after `JSON.parse` has refused it: the messages of the engine quote the
 * body and mostly name no position.
 */

type Expected = 'value' | 'firstValue' | 'key' | 'firstKey' | 'colon' | 'separator' | 'nothing'

const SPACE = /[ \t\n\r]*/y
const SCALAR = /(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\w.+-])/y
const ESCAPE = /["\\/bfnrt]|u[\dA-Fa-f]{4}/y

/** The index of the first character that cannot stand where it stands; the length where the text ends too early. */
export function findJsonError(text: string): number {
  const open: ('{' | '[')[] = []
  let expected = 'value' as Expected
  let index = skip(SPACE, text, 0)
  while (index < text.length) {
    const at = text[index]!
    if (expected === 'nothing') return index
    if (expected === 'separator') {
      const container = open.at(-1)
      if (at === ',') expected = container === '{' ? 'key' : 'value'
      else if (at === (container === '{' ? '}' : ']')) expected = close(open)
      else return index
      index += 1
    } else if (expected === 'colon') {
      if (at !== ':') return index
      expected = 'value'
      index += 1
    } else if ((at === '}' && expected === 'firstKey') || (at === ']' && expected === 'firstValue')) {
      expected = close(open)
      index += 1
    } else if (at === '"') {
      const end = stringEnd(text, index)
      if (end < 0) return -end
      expected = expected === 'key' || expected === 'firstKey' ? 'colon' : after(open)
      index = end
    } else if (expected === 'key' || expected === 'firstKey') {
      return index
    } else if (at === '{' || at === '[') {
      open.push(at)
      expected = at === '{' ? 'firstKey' : 'firstValue'
      index += 1
    } else {
      const end = skip(SCALAR, text, index)
      if (end === index) return index
      expected = after(open)
      index = end
    }
    index = skip(SPACE, text, index)
  }
  return text.length
}

/** `line 3, column 5`, both from 1. */
export function describePosition(text: string, index: number): string {
  const before = text.slice(0, index)
  const line = before.split('\n').length
  return `line ${line}, column ${index - before.lastIndexOf('\n')}`
}

function close(open: unknown[]): Expected {
  open.pop()
  return after(open)
}

function after(open: readonly unknown[]): Expected {
  return open.length === 0 ? 'nothing' : 'separator'
}

/** Behind the closing quote; the negative index of what is wrong inside. */
function stringEnd(text: string, start: number): number {
  for (let index = start + 1; index < text.length; index += 1) {
    const code = text.charCodeAt(index)
    if (code === 0x22) return index + 1
    if (code < 0x20) return -index
    if (code === 0x5c) {
      const end = skip(ESCAPE, text, index + 1)
      if (end === index + 1) return -index
      index = end - 1
    }
  }
  return -text.length
}

function skip(pattern: RegExp, text: string, from: number): number {
  pattern.lastIndex = from
  return pattern.test(text) ? pattern.lastIndex : from
}
