/** A text that a regular expression accepts. Knows what rules are usually written with; nothing for the rest. */
import type { Random } from 'tenon'

const LETTERS = 'abcdefghijklmnopqrstuvwxyz'
const DIGITS = '0123456789'
const WORD = `${LETTERS}${LETTERS.toUpperCase()}${DIGITS}_`
const MOST_REPEATS = 4

/** `undefined` when none was found; what is answered was tried. */
export function textOfPattern(pattern: string, random: Random): string | undefined {
  try {
    const expression = new RegExp(pattern, 'u')
    for (let attempt = 0; attempt < 20; attempt += 1) {
      const text = new Sampler(pattern, random).sample()
      if (expression.test(text)) return text
    }
  } catch {
    return undefined
  }
  return undefined
}

class Sampler {
  readonly #source: string
  readonly #random: Random
  #at = 0

  constructor(source: string, random: Random) {
    this.#source = source
    this.#random = random
  }

  sample(): string {
    return this.#choice()()
  }

  /** Parsed first and sampled later: what is repeated is a new choice each time. */
  #choice(): () => string {
    const ways = [this.#sequence()]
    while (this.#take('|')) ways.push(this.#sequence())
    return () => this.#random.pick(ways)()
  }

  #sequence(): () => string {
    const parts: (() => string)[] = []
    while (this.#at < this.#source.length && !'|)'.includes(this.#source[this.#at]!)) parts.push(this.#repeated())
    return () => parts.map((part) => part()).join('')
  }

  #repeated(): () => string {
    const one = this.#atom()
    const [least, most] = this.#count()
    return () => Array.from({ length: this.#random.int(least, most) }, one).join('')
  }

  #count(): readonly [number, number] {
    const rest = this.#source.slice(this.#at)
    const [whole, least, comma, most] = /^\{(\d+)(,?)(\d*)\}\??/.exec(rest) ?? []
    if (whole !== undefined) {
      this.#at += whole.length
      const from = Number(least)
      return [from, comma === '' ? from : most === '' ? from + MOST_REPEATS : Number(most)]
    }
    const sign = /^[*+?]\??/.exec(rest)?.[0]
    this.#at += sign?.length ?? 0
    if (sign === undefined) return [1, 1]
    return sign.startsWith('?') ? [0, 1] : [sign.startsWith('+') ? 1 : 0, MOST_REPEATS]
  }

  #atom(): () => string {
    const letter = this.#source[this.#at++]!
    if (letter === '^' || letter === '$') return () => ''
    if (letter === '.') return () => this.#random.pick(Array.from(WORD))
    if (letter === '[') return this.#characters()
    if (letter === '\\') return this.#among(this.#escaped())
    if (letter !== '(') return () => letter
    const kind = /^\?(?::|<\w+>)/.exec(this.#source.slice(this.#at))?.[0]
    if (kind === undefined && this.#source[this.#at] === '?') throw new Error('Looking around is not known here.')
    this.#at += kind?.length ?? 0
    const inner = this.#choice()
    this.#take(')')
    return inner
  }

  #characters(): () => string {
    const isNegated = this.#take('^')
    const found: string[] = []
    while (this.#source[this.#at] !== ']') {
      const from = this.#member()
      if (this.#source[this.#at] === '-' && this.#source[this.#at + 1] !== ']' && from.length === 1) {
        this.#at += 1
        const to = this.#member().codePointAt(0)!
        for (let code = from.codePointAt(0)!; code <= Math.min(to, from.codePointAt(0)! + 200); code += 1) {
          found.push(String.fromCodePoint(code))
        }
      } else found.push(...Array.from(from))
    }
    this.#at += 1
    return this.#among(isNegated ? Array.from(WORD).filter((each) => !found.includes(each)) : found)
  }

  #member(): string {
    const letter = this.#source[this.#at++]!
    return letter === '\\' ? this.#escaped().join('') : letter
  }

  #escaped(): readonly string[] {
    const letter = this.#source[this.#at++]!
    if (letter === 'd') return Array.from(DIGITS)
    if (letter === 'w') return Array.from(WORD)
    if (letter === 's') return [' ']
    if (letter === 'x') return [this.#code(2)]
    if (letter === 'u') return [this.#code(4)]
    if (/[A-Zbpk]/.test(letter)) throw new Error('Classes of this kind are not known here.')
    return [{ n: '\n', t: '\t', r: '\r' }[letter] ?? letter]
  }

  #code(length: number): string {
    const code = Number.parseInt(this.#source.slice(this.#at, this.#at + length), 16)
    this.#at += length
    return String.fromCodePoint(code)
  }

  #among(letters: readonly string[]): () => string {
    // What can be seen is easier to read in a report.
    const seen = letters.filter((letter) => /[\p{L}\p{N}\p{P}\p{S} ]/u.test(letter))
    return () => this.#random.pick(seen.length > 0 ? seen : letters)
  }

  #take(letter: string): boolean {
    if (this.#source[this.#at] !== letter) return false
    this.#at += 1
    return true
  }
}
