/** What OpenTelemetry's serializer writes, in parts: batches put them together in another way, and some they write only once. */
import type { ProtobufTraceSerializer } from '@opentelemetry/otlp-transformer'
import type { ReadableSpan } from '@opentelemetry/sdk-trace'

import type { CommonFacts } from '../common-attributes.ts'
import type { UntouchedSpan } from '../untouched-span.ts'
import { OWN_FIELDS } from './call-span-bytes.ts'
import { fieldsOf, type MessageField } from './message-fields.ts'

export type Serializer = typeof ProtobufTraceSerializer

/** Number of the field of `ResourceSpans` that holds spans by their scopes; all others say whose they are. */
const SPANS_OF_SCOPE = 2
/** Number of the field of `ScopeSpans` that holds the spans; all others are about the scope. */
const SPANS = 2

export class SerializedParts {
  readonly #serializer: Serializer
  readonly #owners = new WeakMap<ReadableSpan['resource'], Uint8Array>()
  readonly #scopes = new WeakMap<ReadableSpan['instrumentationScope'], Uint8Array>()
  readonly #shared = new WeakMap<CommonFacts, Uint8Array>()

  constructor(serializer: Serializer) {
    this.#serializer = serializer
  }

  /** Fields of `Span`. */
  span(span: ReadableSpan): Uint8Array {
    return only(this.#scopeSpans(span), SPANS).content
  }

  /** Fields of `Span` that are alike in all calls of this kind. */
  shared(span: UntouchedSpan): Uint8Array {
    const { common } = span.facts
    let bytes = this.#shared.get(common)
    if (!bytes) this.#shared.set(common, (bytes = without(this.span(span.withoutOwn()), ...OWN_FIELDS)))
    return bytes
  }

  /** Fields of `ResourceSpans`: the application. */
  owner(span: ReadableSpan): Uint8Array {
    let bytes = this.#owners.get(span.resource)
    if (!bytes) this.#owners.set(span.resource, (bytes = without(this.#resourceSpans(span), SPANS_OF_SCOPE)))
    return bytes
  }

  /** Fields of `ScopeSpans`: what made the span. */
  scope(span: ReadableSpan): Uint8Array {
    let bytes = this.#scopes.get(span.instrumentationScope)
    if (!bytes) this.#scopes.set(span.instrumentationScope, (bytes = without(this.#scopeSpans(span), SPANS)))
    return bytes
  }

  #resourceSpans(span: ReadableSpan): Uint8Array {
    const [request] = fieldsOf(this.#serializer.serializeRequest([span])!)
    return request!.content
  }

  #scopeSpans(span: ReadableSpan): Uint8Array {
    return only(this.#resourceSpans(span), SPANS_OF_SCOPE).content
  }
}

function only(message: Uint8Array, number: number): MessageField {
  for (const field of fieldsOf(message)) if (field.number === number) return field
  throw new RangeError(`OpenTelemetry's serializer wrote no field ${number}.`)
}

function without(message: Uint8Array, ...numbers: readonly number[]): Uint8Array {
  const fields = [...fieldsOf(message)].filter(({ number }) => !numbers.includes(number))
  return Buffer.concat(fields.map(({ whole }) => whole))
}
