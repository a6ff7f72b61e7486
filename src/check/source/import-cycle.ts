/**
 * The circle of files behind `ReferenceError: Cannot access 'X' before initialization`: Node names the class and the
 * line, never the imports that led there.
 */
import { readFileSync } from 'node:fs'
import { dirname, relative, resolve } from 'node:path'

import { sourceOf } from '../../errors/source-location.ts'

export interface ImportCycle {
  /** What was used too early. */
  readonly name: string
  /** The files of the circle, the first one again at the end; as they were written, relative to the working directory. */
  readonly files: readonly string[]
}

const TOO_EARLY = /Cannot access '(?<name>[\w$]+)' before initialization/
const IMPORTS =
  /^\s*(?:import|export)\b(?!\s*type\b)[^'"`;]*?\bfrom\s*['"](?<from>\.[^'"]+)['"]|^\s*import\s*['"](?<bare>\.[^'"]+)['"]/gm

/** The files that a file imports by relative paths, in their order; those that cannot be read import nothing. */
export function importsOf(file: string): readonly string[] {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch {
    return []
  }
  return [...text.matchAll(IMPORTS)].map(({ groups }) => resolve(dirname(file), groups!['from'] ?? groups!['bare']!))
}

/** @returns `undefined` when the error is no such error, or no circle leads to it. */
export function explainImportCycle(error: unknown, entry: string): ImportCycle | undefined {
  const name = error instanceof ReferenceError ? TOO_EARLY.exec(error.message)?.groups?.['name'] : undefined
  if (name === undefined) return undefined
  const graph = importGraph(entry)
  const declares = new RegExp(`\\b(?:class|const|let|var) ${name.replaceAll('$', '\\$')}\\b`)
  const owners = [...graph.keys()].filter((file) => declares.test(readFileSync(file, 'utf8')))
  for (const owner of owners) {
    const cycle = shortestWay(graph, owner, owner)
    if (cycle) return { name, files: cycle.map(written) }
  }
  return undefined
}

/** Every file that is reached from `entry`, with what it imports. */
export function importGraph(entry: string): ReadonlyMap<string, readonly string[]> {
  const graph = new Map<string, readonly string[]>()
  const waiting = [entry]
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (graph.has(file)) continue
    const imports = importsOf(file)
    graph.set(file, imports)
    waiting.push(...imports)
  }
  return graph
}

/** The shortest chain of imports between two files; with itself, the smallest circle. */
export function shortestWay(
  graph: ReadonlyMap<string, readonly string[]>,
  from: string,
  to: string,
): readonly string[] | undefined {
  const cameFrom = new Map<string, string>()
  const waiting = [from]
  for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) {
    for (const next of graph.get(file) ?? []) {
      if (next === to) return [...trail(cameFrom, from, file), to]
      if (cameFrom.has(next) || next === from) continue
      cameFrom.set(next, file)
      waiting.push(next)
    }
  }
  return undefined
}

function trail(cameFrom: ReadonlyMap<string, string>, from: string, to: string): readonly string[] {
  const files = [to]
  while (files[0] !== from) files.unshift(cameFrom.get(files[0]!)!)
  return files
}

function written(file: string): string {
  const source = sourceOf({ file, line: 1, column: 1 }).file
  const near = relative(process.cwd(), source)
  return near.startsWith('..') ? source : near
}
