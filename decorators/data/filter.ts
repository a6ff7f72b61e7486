/** `@Filter`: criteria that hold for every read, update and delete of an entity unless they are left out by name. */
import { annotateAlso } from '../annotate.ts'
import { MetadataListKey } from '../metadata.ts'

export interface FilterFact {
  readonly name: string
  /** Answers criteria of the entity's own columns; `{}` where nothing is to be filtered. */
  readonly criteria: (entity: never, context: never, statement: never) => object
}

export const FILTERS = new MetadataListKey<FilterFact>('data.filter')

/** Typed by `Filter` of `tenon/data`. */
export function Filter(name: string, criteria: FilterFact['criteria']): ClassDecorator {
  return annotateAlso(FILTERS, { name, criteria })
}
