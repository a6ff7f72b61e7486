/**
 * A span as OTLP's JSON: https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding. Written when the span ends, while all
 * of it is at hand: spans that wait for their batch as objects are copied by the garbage collector again and again.
 */
import type { Attributes, HrTime, SpanContext } from '@opentelemetry/api'
import type { ReadableSpan } from '@opentelemetry/sdk-trace'

/** Bits of a span's flags beside those of W3C Trace Context: it is known whether the parent is remote, and it is. */
const KNOWS_ORIGIN = 0x100
const IS_REMOTE = 0x200
/** Keys are chosen by programmers, so they are few. */
const MOST_KEYS = 1000

const SPACE = 0x20
const QUOTE = 0x22
const BACKSLASH = 0x5c
const LAST_ASCII = 0x7e
const BEYOND_ASCII = /[^ -~]/g

const KEYS = new Map<string, string>()

/**
 * One `Span` of the protocol, in ASCII alone: as many bytes as characters.
 * @param attributes - Its attributes, where they are written already.
 */
export function spanText(span: ReadableSpan, attributes = attributesText(span.attributes)): string {
  const { name, kind, status, parentSpanContext, droppedAttributesCount, events, links } = span
  const { traceId, spanId, traceState, traceFlags } = span.spanContext()
  const parent = parentSpanContext?.spanId
  const message = status.message === undefined ? '' : `,"message":${quote(status.message)}`
  return (
    `{"traceId":"${traceId}","spanId":"${spanId}"` +
    (parent === undefined ? '' : `,"parentSpanId":"${parent}"`) +
    (traceState === undefined ? '' : `,"traceState":${quote(traceState.serialize())}`) +
    `,"name":${quote(name)},"kind":${kind + 1}` +
    `,"startTimeUnixNano":"${nanoseconds(span.startTime)}","endTimeUnixNano":"${nanoseconds(span.endTime)}"` +
    `,"attributes":${attributes},"droppedAttributesCount":${droppedAttributesCount}` +
    `,"events":${events.length === 0 ? '[]' : listText(events, eventText)},"droppedEventsCount":${span.droppedEventsCount}` +
    `,"status":{"code":${status.code}${message}}` +
    `,"links":${links.length === 0 ? '[]' : listText(links, linkText)},"droppedLinksCount":${span.droppedLinksCount}` +
    `,"flags":${flagsOf(traceFlags, parentSpanContext)}}`
  )
}

/** `KeyValue`s of the protocol. */
export function attributesText(attributes: Attributes): string {
  return `[${pairsText(attributes)}]`
}

/** Separated by commas. */
export function pairsText(attributes: Attributes): string {
  let text = ''
  for (const key in attributes) text += (text === '' ? '' : ',') + keyText(key) + valueText(attributes[key]) + '}'
  return text
}

function keyText(key: string): string {
  let text = KEYS.get(key)
  if (text === undefined) {
    if (KEYS.size >= MOST_KEYS) KEYS.clear()
    KEYS.set(key, (text = `{"key":${quote(key)},"value":`))
  }
  return text
}

function eventText({
  name,
  time,
  attributes = {},
  droppedAttributesCount = 0,
}: ReadableSpan['events'][number]): string {
  return (
    `{"attributes":${attributesText(attributes)},"name":${quote(name)},"timeUnixNano":"${nanoseconds(time)}"` +
    `,"droppedAttributesCount":${droppedAttributesCount}}`
  )
}

function linkText({ context, attributes = {}, droppedAttributesCount = 0 }: ReadableSpan['links'][number]): string {
  const { spanId, traceId, traceState } = context
  return (
    `{"attributes":${attributesText(attributes)},"spanId":"${spanId}","traceId":"${traceId}"` +
    (traceState === undefined ? '' : `,"traceState":${quote(traceState.serialize())}`) +
    `,"droppedAttributesCount":${droppedAttributesCount},"flags":${flagsOf(context.traceFlags, context)}}`
  )
}

/** `AnyValue` of the protocol. Numbers that no 64-bit integer holds exactly are doubles. */
function valueText(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return `{"stringValue":${quote(value)}}`
    case 'number':
      return Number.isSafeInteger(value) ? `{"intValue":${value}}` : `{"doubleValue":${doubleText(value)}}`
    case 'boolean':
      return `{"boolValue":${value}}`
    case 'object':
      return value === null ? '{}' : objectText(value)
    default:
      return '{}'
  }
}

function objectText(value: object): string {
  if (Array.isArray(value)) return `{"arrayValue":{"values":${listText(value, valueText)}}}`
  if (value instanceof Uint8Array) return `{"bytesValue":"${Buffer.from(value).toString('base64')}"}`
  return `{"kvlistValue":{"values":${attributesText(value as Attributes)}}}`
}

function listText<T>(list: readonly T[], textOf: (each: T) => string): string {
  return `[${list.map(textOf).join(',')}]`
}

/** JSON has no word for those that are not finite; the mapping of protobuf has. */
function doubleText(value: number): string {
  return Number.isFinite(value) ? String(value) : `"${value}"`
}

/** Names and values are mostly short and plain: looking at each letter is three times faster than asking `JSON` then. */
export function quote(text: string): string {
  return isPlain(text) ? `"${text}"` : JSON.stringify(text).replace(BEYOND_ASCII, escapeUnit)
}

function isPlain(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at)
    if (unit < SPACE || unit === QUOTE || unit === BACKSLASH || unit > LAST_ASCII) return false
  }
  return true
}

function escapeUnit(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`
}

function nanoseconds([seconds, nanos]: HrTime): string {
  return `${seconds}${String(nanos + 1e9).slice(1)}`
}

function flagsOf(traceFlags: number, origin: SpanContext | undefined): number {
  return (traceFlags & 0xff) | KNOWS_ORIGIN | (origin?.isRemote === true ? IS_REMOTE : 0)
}
