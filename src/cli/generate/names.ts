/** One name in all the forms that files, classes and sentences need. */

export interface Names {
  /** `order-item` */
  readonly file: string
  /** `order-items` */
  readonly files: string
  /** `OrderItem` */
  readonly type: string
  /** `OrderItems` */
  readonly types: string
  /** `orderItem` */
  readonly one: string
  /** `orderItems` */
  readonly many: string
  /** `order item` */
  readonly text: string
  /** `order items` */
  readonly texts: string
  /** `ORDER_ITEM` */
  readonly constant: string
  /** `order_items`: the table. */
  readonly table: string
}

const IRREGULAR: Readonly<Record<string, string>> = {
  person: 'people',
  child: 'children',
  man: 'men',
  woman: 'women',
  mouse: 'mice',
  foot: 'feet',
  tooth: 'teeth',
  datum: 'data',
  medium: 'media',
  criterion: 'criteria',
}
/** The same for one and many; the plural of files would hide the singular. */
const UNCOUNTABLE = new Set([
  'news',
  'series',
  'species',
  'equipment',
  'information',
  'money',
  'staff',
  'sheep',
  'fish',
])

/** @param given - In any form: `OrderItem`, `order-item`, `orderItem`, `order_items`. Plurals are made singular. */
export function namesOf(given: string): Names {
  const words = wordsOf(given)
  const last = singular(words.at(-1)!)
  const one = [...words.slice(0, -1), last]
  const many = [...words.slice(0, -1), plural(last)]
  return {
    file: one.join('-'),
    files: many.join('-'),
    type: pascal(one),
    types: pascal(many),
    one: camel(one),
    many: camel(many),
    text: one.join(' '),
    texts: many.join(' '),
    constant: one.join('_').toUpperCase(),
    table: many.join('_'),
  }
}

/** As it was given, neither singular nor plural: for what is no thing that is counted. */
export function literalNames(given: string): Pick<Names, 'file' | 'type' | 'one' | 'text' | 'constant'> {
  const words = wordsOf(given)
  return {
    file: words.join('-'),
    type: pascal(words),
    one: camel(words),
    text: words.join(' '),
    constant: words.join('_').toUpperCase(),
  }
}

export function plural(word: string): string {
  if (UNCOUNTABLE.has(word)) return word
  if (Object.hasOwn(IRREGULAR, word)) return IRREGULAR[word]!
  if (/[^aeiou]y$/.test(word)) return word.replace(/y$/, 'ies')
  if (/(?:s|x|z|ch|sh)$/.test(word)) return `${word}es`
  return `${word}s`
}

export function singular(word: string): string {
  if (UNCOUNTABLE.has(word)) return word
  const irregular = Object.entries(IRREGULAR).find(([, many]) => many === word)
  if (irregular) return irregular[0]
  if (/[^aeiou]ies$/.test(word)) return word.replace(/ies$/, 'y')
  if (/(?:ss|x|z|ch|sh|us)es$/.test(word)) return word.replace(/es$/, '')
  if (/(?:ss|us|is)$/.test(word)) return word
  return word.replace(/s$/, '')
}

function wordsOf(given: string): readonly string[] {
  return given
    .replaceAll(/([a-z\d])([A-Z])/g, '$1-$2')
    .replaceAll(/([A-Z]+)([A-Z][a-z])/g, '$1-$2')
    .split(/[^A-Za-z\d]+/)
    .filter((word) => word !== '')
    .map((word) => word.toLowerCase())
}

function pascal(words: readonly string[]): string {
  return words.map((word) => word[0]!.toUpperCase() + word.slice(1)).join('')
}

function camel(words: readonly string[]): string {
  const text = pascal(words)
  return text[0]!.toLowerCase() + text.slice(1)
}
