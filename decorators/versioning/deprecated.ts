/** `@Deprecated`: callers are told that an endpoint will go, when, and what to use instead. */
import { annotate } from '../annotate.ts'
import { MetadataKey } from '../metadata.ts'

export interface DeprecationFact {
  /** Since when, as a date: `2026-03-01`. */
  readonly since: string
  /** The day it stops answering; from then on the check refuses the program. */
  readonly sunset?: string
  /** The path to use instead. */
  readonly replacement?: string
  /** A page for people. */
  readonly link?: string
  /** Only these of the endpoint's versions, `['1']`; the others stay. Default: all of them. */
  readonly versions?: readonly string[]
}

export const DEPRECATED = new MetadataKey<DeprecationFact>('versioning.deprecated')

/** Answers carry `Deprecation` (RFC 9745), `Sunset` (RFC 8594) and `Link`. */
export function Deprecated(deprecation: DeprecationFact): ClassDecorator & MethodDecorator {
  return annotate(DEPRECATED, deprecation)
}
