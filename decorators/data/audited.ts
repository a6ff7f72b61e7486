/** `@Audited`: every change of an entity's rows is kept, with who made it. */
import { annotate } from '../annotate.ts'
import { MetadataKey } from '../metadata.ts'

export interface AuditedFact {
  /** Properties of which it is only kept that they changed, not from what to what. */
  readonly masked: readonly string[]
}

export interface AuditedOptions {
  /** Properties whose values are not kept: secrets, what people may ask to be forgotten. Default: none. */
  readonly masked?: readonly string[]
}

export const AUDITED = new MetadataKey<AuditedFact>('data.audited')

/** Above an entity. Needs `HistoryModule` of `tenon/data`, which brings the table. */
export function Audited({ masked = [] }: AuditedOptions = {}): ClassDecorator {
  return annotate(AUDITED, { masked })
}
