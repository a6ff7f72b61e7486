/** What TypeScript files were compiled to, kept between processes: each is compiled once as long as it stays the same. */
import { hash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export class CompiledSources {
  /** `undefined` where nothing can be kept: a project without packages of its own. */
  readonly #folder: string | undefined
  readonly #compiler: string

  /** @param compiler - Its version and options: another compiler makes something else of the same source. */
  constructor(project: string, compiler: string) {
    const packages = join(project, 'node_modules')
    this.#folder = existsSync(packages) ? join(packages, '.cache', 'tenon') : undefined
    this.#compiler = compiler
  }

  /** The last result for this very source, else that of `compile`. */
  get(file: string, source: string, compile: () => string): string {
    if (this.#folder === undefined) return compile()
    // One entry for each path: what is replaced is gone.
    const entry = join(this.#folder, `${hash('sha256', file)}.js`)
    const key = `// ${hash('sha256', `${this.#compiler}\n${file}\n${source}`)}\n`
    const kept = readKept(entry)
    if (kept?.startsWith(key)) return kept.slice(key.length)
    const code = compile()
    keep(this.#folder, entry, `${key}${code}`)
    return code
  }
}

function readKept(entry: string): string | undefined {
  try {
    return readFileSync(entry, 'utf8')
  } catch {
    return undefined
  }
}

/** Another process may write the same at once, and some may not write at all; the result is there either way. */
function keep(folder: string, entry: string, text: string): void {
  try {
    mkdirSync(folder, { recursive: true })
    const written = `${entry}.${process.pid}`
    writeFileSync(written, text)
    renameSync(written, entry)
  } catch {
    // See above.
  }
}
