/** Keys of what is there, as answers have named them: requests about something that exists get further than others. */

export type Key = string | number

/** Enough to choose from. */
const MOST = 50

export class KnownKeys {
  readonly #keys = new Map<string, Set<Key>>()

  /** Notes the `id` of what `GET /tickets`, `POST /tickets` or `GET /tickets/{id}` answers. */
  learn(path: string, answer: unknown): void {
    const collection = path.replace(/\/\{[^}]*\}$/, '')
    const known = this.#keys.get(collection) ?? new Set<Key>()
    this.#keys.set(collection, known)
    for (const key of keysIn(answer)) if (known.size < MOST) known.add(key)
  }

  /** What may stand for a parameter: of `id` in `/tickets/{id}/comments`, the keys of tickets. */
  of(path: string, parameter: string): readonly Key[] {
    const [collection = ''] = path.split(`/{${parameter}}`)
    return [...(this.#keys.get(collection) ?? [])]
  }
}

/** Of an object, of each in a list or in its `items`, or of one object that it wraps. */
function keysIn(answer: unknown): readonly Key[] {
  if (Array.isArray(answer)) return answer.flatMap(keysIn)
  if (typeof answer !== 'object' || answer === null) return []
  const { id, items } = answer as { readonly id?: unknown; readonly items?: unknown }
  if (typeof id === 'string' || typeof id === 'number') return [id]
  if (Array.isArray(items)) return items.flatMap(keysIn)
  return Object.values(answer).flatMap((value) => {
    const { id: inner } = (value ?? {}) as { readonly id?: unknown }
    return typeof inner === 'string' || typeof inner === 'number' ? [inner] : []
  })
}
