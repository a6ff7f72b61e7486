/**
 * Copies what is to be logged, without its secrets: fields that are classified, those with a telling name, those registered
 * by value, and those that text gives away itself. The copy is plain data, taken when the line is written, so later changes do not show.
 *
 * Own recursion, because `@pinojs/redact` knows paths fixed beforehand: its `*.password` is one level deep, names match
 * by case, and it neither finds values nor survives getters that throw.
 */
import { CLASSIFICATION, type Classification } from '../../decorators/index.ts'
import { maskCredentials, REDACTED } from './mask-credentials.ts'
import { isSecretName } from './secret-names.ts'

/** Data that JSON can hold. */
export type Loggable = string | number | boolean | null | readonly Loggable[] | { readonly [name: string]: Loggable }

/** A shorter text is part of too many innocent words. */
const SHORTEST_SECRET = 4
const MAX_DEPTH = 8
const MAX_NODES = 2_000
const MAX_TEXT = 32_768
const UNREADABLE = '[unreadable]'

/** Removes secrets from what is logged. One for an application; never throws. */
export class Redactor {
  readonly #secrets = new Set<string>()
  #pattern: RegExp | undefined

  /** From now on the value is masked wherever it turns up, also encoded for a URL or for JSON. Shorter than 4: ignored. */
  register(value: string): void {
    if (value.length < SHORTEST_SECRET) return
    for (const form of [value, JSON.stringify(value).slice(1, -1), encoded(value)]) this.#secrets.add(form)
    const longestFirst = [...this.#secrets].sort((a, b) => b.length - a.length)
    this.#pattern = new RegExp(longestFirst.map((secret) => escaped(secret)).join('|'), 'g')
  }

  /** The text without secrets. */
  text(text: string): string {
    const masked = maskCredentials(this.#pattern ? text.replace(this.#pattern, REDACTED) : text)
    return masked.length > MAX_TEXT ? `${masked.slice(0, MAX_TEXT)}...` : masked
  }

  /** A plain copy without secrets; what cannot be read, repeats itself or is too deep is named in brackets. */
  copy(value: unknown): Loggable {
    return new Copying((text) => this.text(text)).copy(value)
  }

  /** The same for the fields of a line. */
  fields(fields: object): Readonly<Record<string, Loggable>> {
    const copied = this.copy(fields)
    return typeof copied === 'object' && copied !== null && !Array.isArray(copied)
      ? (copied as Record<string, Loggable>)
      : { value: copied }
  }
}

/** One copy: what it is inside of, and how much it may still take. */
class Copying {
  readonly #text: (text: string) => string
  readonly #ancestors = new Set<object>()
  #nodesLeft = MAX_NODES

  constructor(text: (text: string) => string) {
    this.#text = text
  }

  copy(value: unknown): Loggable {
    switch (typeof value) {
      case 'string':
        return this.#text(value)
      case 'number':
        return Number.isFinite(value) ? this.#number(value) : String(value)
      case 'boolean':
        return value
      case 'undefined':
        return null
      case 'bigint':
      case 'symbol':
        return this.#text(String(value))
      default:
        return value === null ? null : this.#guarded(value as object)
    }
  }

  /** A registered secret may be made of digits. */
  #number(value: number): Loggable {
    const text = String(value)
    const masked = this.#text(text)
    return masked === text ? value : masked
  }

  #guarded(value: object): Loggable {
    if (this.#ancestors.has(value)) return '[circular]'
    if (this.#ancestors.size >= MAX_DEPTH) return '[too deep]'
    if (this.#nodesLeft-- <= 0) return '[too much]'
    this.#ancestors.add(value)
    try {
      return this.#object(value)
    } catch {
      return UNREADABLE
    } finally {
      this.#ancestors.delete(value)
    }
  }

  #object(value: object): Loggable {
    if (typeof value === 'function') return this.#text(`[function ${nameOf(value)}]`)
    if (Array.isArray(value)) return this.#list(value)
    if (value instanceof Error) return this.#error(value)
    if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return `[${value.byteLength} bytes]`
    if (value instanceof Map) return this.#entries(value)
    if (value instanceof Set) return this.#list(value)
    if (value instanceof RegExp) return this.#text(value.toString())

    const tag = Object.prototype.toString.call(value)
    if (BOXED_TAGS.has(tag)) return this.copy(value.valueOf())
    if (tag === '[object Promise]') return '[promise]'
    if (ENTRY_TAGS.has(tag)) return this.#entries(value as Iterable<readonly [unknown, unknown]>)
    return this.#plain(value)
  }

  /** As `JSON.stringify` does, an object may say itself what of it is data. */
  #plain(value: object): Loggable {
    const { toJSON } = value as { toJSON?: unknown }
    const data: unknown = typeof toJSON === 'function' ? Reflect.apply(toJSON, value, []) : value
    if (data === value) return this.#members(value, Object.keys(value))
    const isRecord = typeof data === 'object' && data !== null && isPlain(data)
    // Its fields are those of the class, by other means.
    return isRecord ? this.#members(data, Object.keys(data), value) : this.copy(data)
  }

  /** Name, message, stack and cause of an error are not enumerable. `toJSON` of foreign errors repeats whole requests. */
  #error(error: Error): Loggable {
    const own = Object.keys(error)
    const hidden = ['code', 'cause', 'errors'].filter((name) => name in error && !own.includes(name))
    return this.#members(error, [...new Set(['name', 'message', ...own, ...hidden, 'stack'])])
  }

  /** @param owner - Of the class whose fields these are. */
  #members(value: object, names: readonly string[], owner = value): Loggable {
    const copied = emptyRecord()
    const isClassified = !isPlain(owner)
    for (const name of names) {
      if (this.#nodesLeft-- <= 0) {
        copied['...'] = '[too much]'
        break
      }
      const kind = isClassified ? CLASSIFICATION.read(Object.getPrototypeOf(owner) as object, name) : undefined
      const member = this.#member(value, name, kind)
      if (member !== undefined) copied[this.#text(name)] = member
    }
    return copied
  }

  #member(value: object, name: string, kind: Classification | undefined): Loggable | undefined {
    try {
      const member = (value as Record<string, unknown>)[name]
      if (member === undefined) return undefined
      // That nothing is there is not what is protected.
      return kind === undefined || member === null ? this.#named(name, member) : `[${kind}]`
    } catch {
      return UNREADABLE
    }
  }

  /** That a secret is there, or how many, is none. */
  #named(name: string, member: unknown): Loggable {
    const isHarmless =
      member === null || typeof member === 'boolean' || (typeof member === 'number' && /s$/i.test(name))
    return !isHarmless && isSecretName(name) ? REDACTED : this.copy(member)
  }

  #list(items: Iterable<unknown>): Loggable {
    const copied: Loggable[] = []
    for (const item of items) {
      if (this.#nodesLeft-- <= 0) {
        copied.push('[too much]')
        break
      }
      copied.push(this.copy(item))
    }
    return copied
  }

  #entries(entries: Iterable<readonly [unknown, unknown]>): Loggable {
    const copied = emptyRecord()
    for (const [key, item] of entries) {
      if (this.#nodesLeft-- <= 0) {
        copied['...'] = '[too much]'
        break
      }
      const shown = this.copy(key)
      const name = typeof shown === 'string' ? shown : JSON.stringify(shown)
      copied[name] = this.#named(typeof key === 'string' ? key : name, item)
    }
    return copied
  }
}

/** Primitives in an object; its members would be the letters one by one. */
const BOXED_TAGS: ReadonlySet<string> = new Set(
  ['String', 'Number', 'Boolean', 'BigInt', 'Symbol'].map((name) => `[object ${name}]`),
)

/** Collections of names and values, told by tag: naming the class `Headers` would load Node's whole fetch. */
const ENTRY_TAGS: ReadonlySet<string> = new Set(['[object Headers]', '[object URLSearchParams]', '[object FormData]'])

/** Of no class: nothing is declared about its fields. */
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

/** Without a prototype, so that `__proto__` is a name like any other. */
function emptyRecord(): Record<string, Loggable> {
  return Object.create(null) as Record<string, Loggable>
}

function nameOf(value: { readonly name?: unknown }): string {
  return typeof value.name === 'string' && value.name !== '' ? value.name : 'without a name'
}

function escaped(literal: string): string {
  return literal.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')
}

/** Lone surrogates cannot be encoded. */
function encoded(value: string): string {
  try {
    return encodeURIComponent(value)
  } catch {
    return value
  }
}
