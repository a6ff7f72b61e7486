/** Import lines as people write them: names in order, one a line where one line is too long. */

const LONGEST_LINE = 120

/** What a file imports: names by where they come from; `type X` for types. */
export class Imports {
  readonly #names = new Map<string, Set<string>>()

  add(from: string, ...names: readonly string[]): this {
    if (!this.#names.has(from)) this.#names.set(from, new Set())
    for (const name of names) this.#names.get(from)!.add(name)
    return this
  }

  /** Packages, then, after an empty line, files. */
  toString(): string {
    const lines = [...this.#names]
      .filter(([, names]) => names.size > 0)
      .toSorted(([a], [b]) => (order(a) < order(b) ? -1 : 1))
    const isFile = ([from]: readonly [string, unknown]): boolean => from.startsWith('.')
    const packages = lines.filter((each) => !isFile(each)).map(print)
    const files = lines.filter(isFile).map(print)
    return [packages.join('\n'), files.join('\n')].filter((each) => each !== '').join('\n\n')
  }
}

function print([from, given]: readonly [string, ReadonlySet<string>]): string {
  const isTypes = [...given].every((name) => name.startsWith('type '))
  const names = inOrder([...given]).map((name) => (isTypes ? name.replace('type ', '') : name))
  const head = isTypes ? 'import type' : 'import'
  const line = `${head} { ${names.join(', ')} } from '${from}'`
  if (line.length <= LONGEST_LINE) return line
  return `${head} {\n${names.map((name) => `  ${name},\n`).join('')}} from '${from}'`
}

/** Files above come before those beside. */
function order(from: string): string {
  return from.startsWith('./') ? `~${from}` : from
}

/** Values, then types. */
export function inOrder(names: readonly string[]): readonly string[] {
  return names.toSorted((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1))
}

function sortKey(name: string): string {
  return (name.startsWith('type ') ? '~' : '') + name.replace(/^type /, '').toLowerCase()
}
