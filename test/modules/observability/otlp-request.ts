/**
 * What an exporter has sent, read by a decoder that is not ours, by the messages of
 * https://github.com/open-telemetry/opentelemetry-proto (as of version 1.9): collector, trace, resource and common.
 */
import protobuf from 'protobufjs/light.js'

type Field = readonly [type: string, id: number] | readonly [type: string, id: number, rule: 'repeated']

const MESSAGES: Readonly<Record<string, Readonly<Record<string, Field>>>> = {
  Request: { resourceSpans: ['ResourceSpans', 1, 'repeated'] },
  ResourceSpans: { resource: ['Resource', 1], scopeSpans: ['ScopeSpans', 2, 'repeated'], schemaUrl: ['string', 3] },
  Resource: { attributes: ['KeyValue', 1, 'repeated'], droppedAttributesCount: ['uint32', 2] },
  ScopeSpans: { scope: ['Scope', 1], spans: ['Span', 2, 'repeated'], schemaUrl: ['string', 3] },
  Scope: {
    name: ['string', 1],
    version: ['string', 2],
    attributes: ['KeyValue', 3, 'repeated'],
    droppedAttributesCount: ['uint32', 4],
  },
  Span: {
    traceId: ['bytes', 1],
    spanId: ['bytes', 2],
    traceState: ['string', 3],
    parentSpanId: ['bytes', 4],
    flags: ['fixed32', 16],
    name: ['string', 5],
    kind: ['int32', 6],
    startTimeUnixNano: ['fixed64', 7],
    endTimeUnixNano: ['fixed64', 8],
    attributes: ['KeyValue', 9, 'repeated'],
    droppedAttributesCount: ['uint32', 10],
    events: ['Event', 11, 'repeated'],
    droppedEventsCount: ['uint32', 12],
    links: ['Link', 13, 'repeated'],
    droppedLinksCount: ['uint32', 14],
    status: ['Status', 15],
  },
  Event: {
    timeUnixNano: ['fixed64', 1],
    name: ['string', 2],
    attributes: ['KeyValue', 3, 'repeated'],
    droppedAttributesCount: ['uint32', 4],
  },
  Link: {
    traceId: ['bytes', 1],
    spanId: ['bytes', 2],
    traceState: ['string', 3],
    attributes: ['KeyValue', 4, 'repeated'],
    droppedAttributesCount: ['uint32', 5],
    flags: ['fixed32', 6],
  },
  Status: { message: ['string', 2], code: ['int32', 3] },
  KeyValue: { key: ['string', 1], value: ['AnyValue', 2] },
  AnyValue: {
    stringValue: ['string', 1],
    boolValue: ['bool', 2],
    intValue: ['int64', 3],
    doubleValue: ['double', 4],
    arrayValue: ['ArrayValue', 5],
    kvlistValue: ['KeyValueList', 6],
    bytesValue: ['bytes', 7],
  },
  ArrayValue: { values: ['AnyValue', 1, 'repeated'] },
  KeyValueList: { values: ['KeyValue', 1, 'repeated'] },
}

/** Of these one is there, also where it is zero or empty. */
const ONE_OF: Readonly<Record<string, readonly string[]>> = { AnyValue: Object.keys(MESSAGES['AnyValue']!) }

const ROOT = protobuf.Root.fromJSON({
  nested: Object.fromEntries(Object.entries(MESSAGES).map(([name, fields]) => [name, described(fields, ONE_OF[name])])),
})
const REQUEST = ROOT.lookupType('Request')

export interface SentAttribute {
  readonly key: string
  /** One property, by the kind of the value. */
  readonly value: Readonly<Record<string, unknown>>
}

export interface SentSpan {
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId?: string
  readonly traceState?: string
  readonly name: string
  readonly kind: number
  readonly startTimeUnixNano: string
  readonly endTimeUnixNano: string
  readonly attributes?: readonly SentAttribute[]
  readonly status: { readonly code?: number }
}

export interface SentRequest {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes?: readonly SentAttribute[] }
    readonly schemaUrl?: string
    readonly scopeSpans: readonly {
      readonly scope: { readonly name: string }
      readonly schemaUrl?: string
      readonly spans: readonly SentSpan[]
    }[]
  }[]
}

/** Ids as hexadecimal digits, 64-bit integers as decimal ones, other bytes as base64. */
export function readRequest(body: Uint8Array): SentRequest {
  const read = REQUEST.toObject(REQUEST.decode(body), { longs: String, bytes: Array })
  return JSON.parse(JSON.stringify(read, (name, value: unknown) => readable(name, value))) as SentRequest
}

function readable(name: string, value: unknown): unknown {
  if (name.endsWith('Id')) return Buffer.from(value as number[]).toString('hex')
  if (name === 'bytesValue') return Buffer.from(value as number[]).toString('base64')
  // JSON has no word for it.
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value
}

function described(fields: Readonly<Record<string, Field>>, oneOf: readonly string[] | undefined): protobuf.IType {
  const byName = Object.entries(fields).map(([name, [type, id, rule]]) => [name, { type, id, ...(rule && { rule }) }])
  return {
    fields: Object.fromEntries(byName) as protobuf.IType['fields'],
    ...(oneOf && { oneofs: { kind: { oneof: [...oneOf] } } }),
  }
}
