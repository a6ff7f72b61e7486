/** What calls have in common, made once for all of them: one object for each endpoint and way a call of it came and ended. */
import type { Attributes } from '@opentelemetry/api'
import type { CallContext, Endpoint } from 'tenon'

import { callKind, endpointAttributes, kindAttributes, type CallKind } from './http-attributes.ts'

/** Ways a call of one endpoint may come and end; beyond it each makes its own. */
const MOST_KINDS = 50

interface Known {
  readonly kind: CallKind
  readonly attributes: Attributes
}

export class CommonAttributes {
  readonly #known = new Map<Endpoint, Known[]>()

  of(call: CallContext, status: number): Attributes {
    const kind = callKind(call, status)
    let known = this.#known.get(call.endpoint)
    if (!known) this.#known.set(call.endpoint, (known = []))
    for (const each of known) if (isSame(each.kind, kind)) return each.attributes
    const attributes = { ...endpointAttributes(call.endpoint), ...kindAttributes(kind) }
    if (known.length < MOST_KINDS) known.push({ kind, attributes })
    return attributes
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
