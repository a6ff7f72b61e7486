/** `@Traced`: a method that has a span of its own. */
import { annotate } from '../annotate.ts'
import { MetadataKey } from '../metadata.ts'

export interface TracedFact {
  /** Name of the span. Default: `Class.method`. */
  readonly name?: string
  /** Attributes of every span of the method. */
  readonly attributes?: Readonly<Record<string, string | number | boolean>>
}

export const TRACED = new MetadataKey<TracedFact>('observability.traced')

/**
 * Gives a method of a provider a span, in the traces of the calls that are sampled; outside of any call it begins a trace.
 * @see docs/modules/observability.md
 */
export function Traced(name?: string, attributes?: TracedFact['attributes']): MethodDecorator {
  return annotate(TRACED, { ...(name !== undefined && { name }), ...(attributes && { attributes }) })
}
