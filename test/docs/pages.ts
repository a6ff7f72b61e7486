/** The pages of the repository as the tests read them: fenced blocks, headings, links and tables, with their lines. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const ROOT: string = fileURLToPath(new URL('../../../', import.meta.url))

/** A fenced block. */
export interface Block {
  readonly page: string
  readonly line: number
  /** What follows the three backticks: `ts run`. */
  readonly info: string
  readonly text: string
}

export interface Link {
  readonly page: string
  readonly line: number
  readonly target: string
}

/** One row of a table, by the names of its columns. */
export interface Row {
  readonly page: string
  readonly line: number
  readonly cells: Readonly<Record<string, string>>
}

export interface Page {
  /** From the root: `docs/guide/modules.md`. */
  readonly path: string
  readonly blocks: readonly Block[]
  readonly links: readonly Link[]
  readonly rows: readonly Row[]
  /** What can stand behind `#`. */
  readonly anchors: ReadonlySet<string>
  /** Everything outside of fenced blocks. */
  readonly prose: readonly string[]
}

/** Everything in `docs/`, and what a visitor of the repository reads first. */
export function readPages(): readonly Page[] {
  const docs = readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
  const paths = docs.filter((path) => path.endsWith('.md')).map((path) => join('docs', path).replaceAll('\\', '/'))
  return ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md', ...paths.toSorted()].map((path) =>
    readPage(path, readFileSync(join(ROOT, path), 'utf8')),
  )
}

export function readPage(path: string, text: string): Page {
  const lines = text.split(/\r?\n/)
  const blocks = readBlocks(path, lines)
  const prose = lines.map((line, index) => (blocks.some((block) => encloses(block, index)) ? '' : line))
  const headings = prose.flatMap((line) => /^#{1,6} (.+)$/.exec(line)?.[1] ?? [])
  return {
    path,
    blocks,
    prose,
    links: prose.flatMap((line, index) => linksOf(path, line, index + 1)),
    rows: readRows(path, prose),
    anchors: anchorsOf(headings),
  }
}

/** @throws an error for a fence that is not closed, or not written with three backticks at the margin. */
function readBlocks(page: string, lines: readonly string[]): readonly Block[] {
  const blocks: Block[] = []
  let open: { readonly line: number; readonly info: string } | undefined
  lines.forEach((line, index) => {
    if (!/^\s*(```|~~~)/.test(line)) return
    if (!/^```[^`]*$/.test(line)) throw new Error(`${page}:${index + 1} fences a block in a way that nobody checks`)
    if (!open) open = { line: index + 1, info: line.slice(3).trim() }
    else {
      blocks.push({ page, ...open, text: lines.slice(open.line, index).join('\n') })
      open = undefined
    }
  })
  if (open) throw new Error(`${page}:${open.line} opens a block that nothing closes`)
  return blocks
}

function encloses({ line, text }: Block, index: number): boolean {
  return index >= line - 1 && index <= line + text.split('\n').length
}

function linksOf(page: string, line: string, number: number): readonly Link[] {
  return [...line.replaceAll(/`[^`]*`/g, '``').matchAll(/\]\(([^)\s]+)\)/g)].map((match) => ({
    page,
    line: number,
    target: match[1]!,
  }))
}

function readRows(page: string, lines: readonly string[]): readonly Row[] {
  let columns: readonly string[] = []
  return lines.flatMap((line, index): readonly Row[] => {
    if (!line.startsWith('|')) {
      columns = []
      return []
    }
    const cells = line
      .slice(1, line.lastIndexOf('|'))
      .split(/(?<!\\)\|/)
      .map((cell) => cell.trim())
    if (columns.length === 0) columns = cells
    else if (!/^\|[\s|:-]+$/.test(line)) {
      return [{ page, line: index + 1, cells: Object.fromEntries(columns.map((name, at) => [name, cells[at] ?? ''])) }]
    }
    return []
  })
}

/** As GitHub makes them: lower case, hyphens for spaces, a number behind what is there already. */
function anchorsOf(headings: readonly string[]): ReadonlySet<string> {
  const anchors = new Set<string>()
  for (const heading of headings) {
    const slug = heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-')
    let anchor = slug
    for (let count = 1; anchors.has(anchor); count += 1) anchor = `${slug}-${count}`
    anchors.add(anchor)
  }
  return anchors
}
