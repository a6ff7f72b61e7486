/**
 * From fenced blocks to programs. What may follow the backticks, and what is done with it:
 *
 * - `ts`: compiled in strict mode. `ts run`: executed too; what it prints must be what its `// → ` comments say, or
 *   the `json` or `text` block below it. `ts serve`: a server, started for the `curl` lines of its page.
 * - `ts continued`: goes on where the block before it ended; may be `run`. `ts name.ts`: a file of that name, for
 *   others on the page to import; executed by Jest when it is a `.test.ts`.
 * - `json tsconfig.json`, `js jest.config.js`: what all blocks are compiled with, and all tests run with.
 * - `sh`: commands. `env`: variables that something reads. `figure`: a drawing.
 *
 * In what is printed, `…` stands for anything.
 */
import type { Block } from './pages.ts'

export interface Expected {
  readonly kind: 'lines' | 'json' | 'text'
  readonly text: string
}

/** One file to compile, and perhaps to execute. */
export interface Program {
  readonly page: string
  readonly line: number
  /** Relative to the sources: `guide/modules/program-1.ts`. */
  readonly file: string
  readonly source: string
  readonly task: 'compile' | 'run' | 'serve' | 'test'
  readonly expected: Expected | undefined
}

export interface Material {
  readonly programs: readonly Program[]
  /** Commands with what they print, where the page says it. */
  readonly commands: readonly Command[]
  /** Whole files, by the name in their info. */
  readonly files: readonly Block[]
  readonly variables: readonly Block[]
}

export interface Command {
  readonly page: string
  readonly line: number
  readonly text: string
  readonly expected: Expected | undefined
}

const FILES = new Set(['json tsconfig.json', 'js jest.config.js'])

/** @throws an error that names the block that is none of the above. */
export function readMaterial(blocks: readonly Block[]): Material {
  const programs: Program[] = []
  const commands: Command[] = []
  const files: Block[] = []
  const variables: Block[] = []
  blocks.forEach((block, index) => {
    const [kind, ...words] = block.info.split(' ')
    const expected = outputOf(block, blocks[index + 1])
    if (FILES.has(block.info)) files.push(block)
    else if (kind === 'ts') programs.push(programOf(block, words, programs, expected))
    else if (block.info === 'sh') commands.push(...commandsOf(block, expected))
    else if (block.info === 'env') variables.push(block)
    else if (block.info === 'figure' || isOutput(blocks[index - 1], block)) return
    else throw new Error(`${place(block)} is a block that nobody checks: "${block.info}"`)
  })
  return { programs, commands, files, variables }
}

function programOf(block: Block, words: readonly string[], before: readonly Program[], expected?: Expected): Program {
  const unknown = words.filter((word) => !/^(?:run|serve|continued|[\w-]+(?:\.test)?\.ts)$/.test(word))
  if (unknown.length > 0) throw new Error(`${place(block)} says "${unknown.join(' ')}", which means nothing`)
  const name = words.find((word) => word.endsWith('.ts'))
  const task = name?.endsWith('.test.ts')
    ? 'test'
    : words.includes('serve')
      ? 'serve'
      : words.includes('run')
        ? 'run'
        : 'compile'
  const previous = words.includes('continued') ? before.at(-1) : undefined
  if (words.includes('continued') && previous?.page !== block.page) {
    throw new Error(`${place(block)} continues a block that is not there`)
  }
  const source = previous ? `${previous.source}\n${block.text}` : block.text
  const stated = expected ?? statedIn(source)
  if (task === 'run' && !stated) throw new Error(`${place(block)} runs, and nothing says what it prints`)
  if (task !== 'run' && statedIn(block.text)) throw new Error(`${place(block)} says what it prints, and does not run`)
  const folder = block.page.replace(/^docs\//, '').replace(/\.md$/, '')
  const file = `${folder}/${name ?? `program-${block.line}.ts`}`
  return { page: block.page, line: block.line, file, source: `${source}\nexport {}\n`, task, expected: stated }
}

/** What the `// → ` comments promise, one line each. */
function statedIn(source: string): Expected | undefined {
  const lines = [...source.matchAll(/\/\/ → (.*)$/gm)].map((match) => match[1]!.trimEnd())
  return lines.length === 0 ? undefined : { kind: 'lines', text: lines.join('\n') }
}

function isOutput(before: Block | undefined, block: Block): boolean {
  return before !== undefined && outputOf(before, block) !== undefined
}

function outputOf(block: Block, next: Block | undefined): Expected | undefined {
  const prints = block.info === 'sh' || block.info.startsWith('ts ')
  if (!prints || (next?.info !== 'json' && next?.info !== 'text')) return undefined
  return { kind: next.info, text: next.text }
}

function commandsOf(block: Block, expected?: Expected): readonly Command[] {
  const lines = block.text.replaceAll(/\\\n\s*/g, '').split('\n')
  const commands = lines.map((line) => line.replace(/\s+#\s.*$/, '').trim()).filter((line) => line !== '')
  return commands.map((text, index) => ({
    page: block.page,
    line: block.line,
    text,
    expected: index === commands.length - 1 ? expected : undefined,
  }))
}

/** Why what was printed is not what was promised; nothing when it is. */
export function difference(printed: string, { kind, text }: Expected): string | undefined {
  if (kind === 'json') {
    const given = parsed(printed)
    return isAsStated(given, JSON.parse(text)) ? undefined : `printed ${printed}`
  }
  const pattern = text.split('…').map((part) => part.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&'))
  return new RegExp(`^${pattern.join('[^]*')}$`).test(printed.trimEnd()) ? undefined : `printed ${printed}`
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

function isAsStated(given: unknown, stated: unknown): boolean {
  if (stated === '…') return given !== undefined
  if (typeof stated !== 'object' || stated === null || typeof given !== 'object' || given === null) {
    return given === stated
  }
  const keys = new Set([...Object.keys(given), ...Object.keys(stated)])
  return [...keys].every((key) =>
    isAsStated((given as Record<string, unknown>)[key], (stated as Record<string, unknown>)[key]),
  )
}

export function place({ page, line }: { readonly page: string; readonly line: number }): string {
  return `${page}:${line}`
}
