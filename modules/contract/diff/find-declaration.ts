/** Where a model is written: decorators of other libraries do not say where they stand, so the sources are read. */
import { globSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'

/** Looks through the sources of a project when it is first asked. */
export class Declarations {
  readonly #folder: string
  readonly #found = new Map<string, string | undefined>()
  #sources: readonly { readonly file: string; readonly text: string }[] | undefined

  constructor(folder: string) {
    this.#folder = folder
  }

  /**
   * `src/tickets/new-ticket.ts:12` of `class NewTicket`, or of its property.
   * @param near - A file that uses it: of several classes of one name, the nearest is meant.
   */
  find(model: string, property: string | undefined, near = ''): string | undefined {
    const key = `${model} ${property ?? ''} ${near}`
    if (!this.#found.has(key)) this.#found.set(key, this.#search(model, property, near))
    return this.#found.get(key)
  }

  #search(model: string, property: string | undefined, near: string): string | undefined {
    this.#sources ??= this.#read()
    // Documents put `Input` behind the name where a model differs by direction.
    const names = [model, model.replace(/Input$/, '')].map((name) => name.replaceAll(/\W/g, ''))
    const declaration = new RegExp(String.raw`^\s*(?:export\s+)?(?:abstract\s+)?class (?:${names.join('|')})\b`, 'm')
    const found = this.#sources.flatMap(({ file, text }) => {
      const at = declaration.exec(text)
      return at ? [{ file: relative(this.#folder, file), text, start: at.index + at[0].search(/\S/) }] : []
    })
    const [nearest] = found.toSorted((a, b) => shared(b.file, near) - shared(a.file, near))
    if (!nearest) return undefined
    const { file, text, start } = nearest
    const rest = text.slice(start)
    const end = rest.search(/^\}/m)
    const word = property?.replaceAll(/[^\w$]/g, '')
    const inside = end === -1 ? rest : rest.slice(0, end)
    const member = word ? inside.search(new RegExp(String.raw`\b${word}[!?]?\s*[:=]`)) : -1
    return `${file}:${text.slice(0, start + Math.max(member, 0)).split('\n').length}`
  }

  #read(): readonly { readonly file: string; readonly text: string }[] {
    const files = globSync('**/*.{ts,mts}', {
      cwd: this.#folder,
      exclude: (name) => /^(?:node_modules|dist|build|coverage|\..*)$/.test(name) || name.endsWith('.d.ts'),
    })
    return files.toSorted().map((name) => {
      const file = join(this.#folder, name)
      return { file, text: readFileSync(file, 'utf8') }
    })
  }
}

/** How many letters two paths begin with in common. */
function shared(a: string, b: string): number {
  let length = 0
  while (length < a.length && a[length] === b[length]) length += 1
  return length
}
