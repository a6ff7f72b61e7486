/** Names, each with what it is, broken between words where the terminal ends. */
import type { Paint } from './tool-io.ts'

const INDENT = 2
/** Below this a second column makes no sense. */
const LEAST = 24

/** @param room - Characters in a line; see `roomOf`. Default: no limit. */
export function printPairs(
  pairs: readonly (readonly [name: string, description: string])[],
  paint: Paint,
  room: number = Infinity,
): string {
  const width = Math.max(...pairs.map(([name]) => name.length))
  const left = INDENT + width + INDENT
  return pairs
    .map(([name, description]) => {
      const lines = wrapWords(description, Math.max(LEAST, room - left))
      return `${' '.repeat(INDENT)}${paint('cyan', name.padEnd(width))}${' '.repeat(INDENT)}${lines.join(`\n${' '.repeat(left)}`)}`
    })
    .join('\n')
}

function wrapWords(text: string, room: number): readonly string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const last = lines.at(-1)
    if (last === undefined || last.length + 1 + word.length > room) lines.push(word)
    else lines[lines.length - 1] = `${last} ${word}`
  }
  return lines
}
