/** Rows of texts under their heads, as wide as they must be, and no wider than where they are shown. */
import { stripVTControlCharacters } from 'node:util'

export interface TableOptions {
  /** Characters in a line; see `roomOf`. Default: no limit. */
  readonly room?: number | undefined
  /** Columns that give way, by number: the first of them gives all it can before the next. */
  readonly yielding?: readonly number[]
}

const GAP = 2
const LEAST = 12

export function printTable(
  heads: readonly string[],
  rows: readonly (readonly string[])[],
  { room = Infinity, yielding = [] }: TableOptions = {},
): string {
  const widths = heads.map((head, column) => Math.max(width(head), ...rows.map((row) => width(row[column] ?? ''))))
  for (const column of yielding) {
    const excess = widths.reduce((sum, each) => sum + each + GAP, -GAP) - room
    const own = widths[column] ?? 0
    if (excess > 0) widths[column] = Math.max(Math.min(own, LEAST), own - excess)
  }
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => fitted(cell, widths[column] ?? 0))
      .join(' '.repeat(GAP))
      .trimEnd()
  return [heads, ...rows].map(line).join('\n')
}

function fitted(cell: string, room: number): string {
  const free = room - width(cell)
  return free >= 0 ? cell + ' '.repeat(free) : `${stripVTControlCharacters(cell).slice(0, room - 1)}…`
}

/** Colours take no room. */
function width(text: string): number {
  return stripVTControlCharacters(text).length
}
