/** Which fields class-transformer takes over into an instance: strategy, `@Expose`, `@Exclude`, groups. */
import type { AbstractClass } from '../../decorators/index.ts'
import { PLAIN_TO_CLASS, transformerStorage, type TransformerFact } from './validation-metadata.ts'

/** What becomes of one key of the input. */
export interface KeyFate {
  /** The property it is written to. */
  readonly property: string
  /** It is written when it was sent. */
  readonly isTaken: boolean
  /** Transforms run for it even when it was not sent. */
  readonly isVisitedUnsent: boolean
}

/** What class-transformer does with the keys of a class. */
export interface KeyFates {
  /** The rules for one key depend on no other. */
  of(key: string): KeyFate
  /** Only exposed keys are taken, in their own order instead of that of the input. */
  readonly isExposedOnly: boolean
  /** The order in which exposed keys follow those that were sent. */
  readonly exposed: readonly string[]
}

/** Reads them once. */
export function keyFates(type: AbstractClass, groups: readonly string[]): KeyFates {
  const storage = transformerStorage()
  if (!storage) {
    return {
      of: (property) => ({ property, isTaken: true, isVisitedUnsent: false }),
      isExposedOnly: false,
      exposed: [],
    }
  }

  const takesAll = storage.getStrategy(type) !== 'excludeAll'
  const excluded = storage.getExcludedProperties(type, PLAIN_TO_CLASS)
  const exposed = storage
    .getExposedProperties(type, PLAIN_TO_CLASS)
    .map((property) => storage.findExposeMetadata(type, property)?.options?.name || property)
  const of = (key: string): KeyFate => {
    const isOpen = !excluded.includes(key) && isInGroups(storage.findExposeMetadata(type, key), groups)
    const isExposed = exposed.includes(key)
    return {
      property: storage.findExposeMetadataByCustomName(type, key)?.propertyName ?? key,
      isTaken: isOpen && (takesAll || isExposed),
      isVisitedUnsent: isOpen && isExposed,
    }
  }
  return { of, isExposedOnly: !takesAll, exposed }
}

/** As class-transformer has it: without groups what is said for groups does not hold, with groups the rest does. */
export function isInGroups(fact: TransformerFact | undefined, groups: readonly string[]): boolean {
  const only = fact?.options?.groups
  if (groups.length === 0) return !only?.length
  return !only || groups.some((group) => only.includes(group))
}
