/** What calls have in common, made once for all of them: one object for each endpoint and way a call of it came and ended. */
import type { Attributes, SpanKind } from '@opentelemetry/api'
import type { CallContext, Endpoint } from 'tenon'

import { callKind, endpointAttributes, kindAttributes, kindOf, spanName, type CallKind } from './http-attributes.ts'

/** Ways a call of one endpoint may come and end; beyond it each makes its own. */
const MOST_KINDS = 50

/** What the spans of such calls share. */
export interface CommonFacts {
  readonly name: string
  readonly kind: SpanKind
  readonly attributes: Attributes
}

interface Known {
  readonly kind: CallKind
  readonly facts: CommonFacts
}

export class CommonAttributes {
  readonly #known = new Map<Endpoint, Known[]>()

  of(call: CallContext, status: number): CommonFacts {
    const kind = callKind(call, status)
    let known = this.#known.get(call.endpoint)
    if (!known) this.#known.set(call.endpoint, (known = []))
    for (const each of known) if (isSame(each.kind, kind)) return each.facts
    const attributes = { ...endpointAttributes(call.endpoint), ...kindAttributes(kind) }
    const facts = { name: spanName(call), kind: kindOf(call), attributes }
    if (known.length < MOST_KINDS) known.push({ kind, facts })
    return facts
  }
}

function isSame(one: CallKind, other: CallKind): boolean {
  return (
    one.status === other.status &&
    one.method === other.method &&
    one.port === other.port &&
    one.isSecure === other.isSecure &&
    one.httpVersion === other.httpVersion
  )
}
