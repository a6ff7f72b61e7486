/**
 * Names the schemas of a document. Forms of one class that say the same are one schema under the name of the class;
 * where they differ, what is answered keeps the name and what is taken in gets `Input` behind it.
 */
import type { JsonSchema } from './json-schema.ts'

/** One class in one direction and use. */
export interface SchemaForm {
  readonly id: number
  readonly name: string
  readonly direction: 'input' | 'output'
  /** What else is particular: groups, the variant of a union. */
  readonly suffix: string
  schema: JsonSchema
}

/** References before names are known. */
export const PLACEHOLDER = '#/components/schemas/:'
const REFERENCE = '#/components/schemas/'

export function nameForms<T>(
  document: T,
  forms: readonly SchemaForm[],
): { readonly document: T; readonly schemas: Readonly<Record<string, JsonSchema>> } {
  const kinds = alike(forms)
  const names = new Map<number, string>()
  const taken = new Set<string>()
  const firstOfKind = [...new Map(forms.toReversed().map((form) => [kinds[form.id], form])).values()].toReversed()
  // Answers first, then the plain before the particular, then in the order in which they were met.
  const inOrder = firstOfKind.toSorted((a, b) => rank(a) - rank(b) || compare(a.suffix, b.suffix) || a.id - b.id)
  for (const form of inOrder) {
    const name = freeName(form, taken)
    taken.add(name)
    names.set(kinds[form.id]!, name)
  }
  const rename = <V>(value: V): V => renamed(value, (id) => `${REFERENCE}${names.get(kinds[id]!)}`)
  const schemas = firstOfKind.map((form) => [names.get(kinds[form.id]!)!, rename(form.schema)] as const)
  return { document: rename(document), schemas: Object.fromEntries(schemas.toSorted(([a], [b]) => compare(a, b))) }
}

/** The number of the kind that each form belongs to: told apart until no reference tells any two of a kind apart. */
function alike(forms: readonly SchemaForm[]): readonly number[] {
  let kinds: readonly number[] = numbered(forms.map(({ name }) => name))
  for (;;) {
    const current = kinds
    const signature = ({ id, schema }: SchemaForm): string =>
      JSON.stringify([current[id], renamed(schema, (target) => String(current[target]))])
    const next = numbered(forms.map(signature))
    if (new Set(next).size === new Set(current).size) return current
    kinds = next
  }
}

function numbered(keys: readonly string[]): readonly number[] {
  const numbers = new Map<string, number>()
  return keys.map((key) => {
    if (!numbers.has(key)) numbers.set(key, numbers.size)
    return numbers.get(key)!
  })
}

function renamed<V>(value: V, nameOf: (id: number) => string): V {
  if (typeof value === 'string') {
    return (value.startsWith(PLACEHOLDER) ? nameOf(Number(value.slice(PLACEHOLDER.length))) : value) as V
  }
  if (Array.isArray(value)) return value.map((each: unknown) => renamed(each, nameOf)) as V
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, renamed(each as unknown, nameOf)])) as V
}

function rank({ direction, suffix }: SchemaForm): number {
  return (direction === 'output' ? 0 : 1) + (suffix === '' ? 0 : 2)
}

function freeName({ name, direction, suffix }: SchemaForm, taken: ReadonlySet<string>): string {
  // OpenAPI 3.1 §4.8.7: names of components.
  const base = name.replaceAll(/[^\w.-]/g, '_') || 'Model'
  const isInput = direction === 'input'
  const candidates = [
    base,
    ...(isInput ? [`${base}Input`] : []),
    `${base}${suffix}`,
    ...(isInput ? [`${base}${suffix}Input`] : []),
  ]
  const free = candidates.find((each) => !taken.has(each))
  if (free !== undefined) return free
  for (let number = 2; ; number += 1) if (!taken.has(`${base}${number}`)) return `${base}${number}`
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b)
}
