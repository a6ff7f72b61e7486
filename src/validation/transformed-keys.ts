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

/** The fate of any key of a class; the rules for one key depend on no other. */
export function keyFates(type: AbstractClass, groups: readonly string[]): (key: string) => KeyFate {
  const storage = transformerStorage()
  if (!storage) return (key) => ({ property: key, isTaken: true, isVisitedUnsent: false })

  const takesAll = storage.getStrategy(type) !== 'excludeAll'
  const excluded = storage.getExcludedProperties(type, PLAIN_TO_CLASS)
  const exposed = storage
    .getExposedProperties(type, PLAIN_TO_CLASS)
    .map((property) => storage.findExposeMetadata(type, property)?.options?.name || property)
  return (key) => {
    const isOpen = !excluded.includes(key) && isInGroups(storage.findExposeMetadata(type, key), groups)
    const isExposed = exposed.includes(key)
    return {
      property: storage.findExposeMetadataByCustomName(type, key)?.propertyName ?? key,
      isTaken: isOpen && (takesAll || isExposed),
      isVisitedUnsent: isOpen && isExposed,
    }
  }
}

/** As class-transformer has it: without groups what is said for groups does not hold, with groups the rest does. */
export function isInGroups(fact: TransformerFact | undefined, groups: readonly string[]): boolean {
  const only = fact?.options?.groups
  if (groups.length === 0) return !only?.length
  return !only || groups.some((group) => only.includes(group))
}
