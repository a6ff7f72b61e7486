/**
 * The span of a call as a `Span` of OTLP: https://github.com/open-telemetry/opentelemetry-proto/blob/main/opentelemetry/proto/trace/v1/trace.proto
 * What it shares with others is written by OpenTelemetry's serializer, once for all of them; each adds ids, times and texts.
 */
import type { UntouchedFacts } from '../untouched-span.ts'
import { varintSize, type ByteWriter } from './byte-writer.ts'

/** Tags of fields: their numbers, and how they are written. */
const TRACE_ID = 0x0a
const SPAN_ID = 0x12
const TRACE_STATE = 0x1a
const PARENT = 0x22
const BEGAN_AT = 0x39
const ENDED_AT = 0x41
const ATTRIBUTE = 0x4a
const FLAGS = [0x85, 0x01] as const
const KEY = 0x0a
const VALUE = 0x12
const TEXT = 0x0a

/** Numbers of these fields of `Span`, of which each has its own; attributes it has of both kinds. */
export const OWN_FIELDS: readonly number[] = [1, 2, 3, 4, 7, 8, 16]
const ID_BYTES = { trace: 16, span: 8 }
/** Beside the flags of W3C Trace Context: it is known whether the parent is remote, and it is. */
const KNOWS_ORIGIN = 0x100
const IS_REMOTE = 0x200
/** Ids, times, flags, tags and lengths take less. */
const FRAME_BYTES = 128
const ATTRIBUTE_BYTES = 32
const MOST_BYTES_OF_A_UNIT = 3

const KEYS = new Map<string, Uint8Array>()

/** More bytes than it takes, but not many more. */
export function roomFor({ own, identity }: UntouchedFacts, shared: Uint8Array): number {
  let room = FRAME_BYTES + shared.length
  for (const key in own) room += keyBytes(key).length + ATTRIBUTE_BYTES + own[key]!.length * MOST_BYTES_OF_A_UNIT
  return room + (identity.traceState?.serialize().length ?? 0) * MOST_BYTES_OF_A_UNIT
}

/** @param shared - Its other fields, with the attributes it has in common with others. */
export function writeCallSpan(writer: ByteWriter, facts: UntouchedFacts, shared: Uint8Array): void {
  const { identity, caller, beganAt, endedAt, own } = facts
  const { traceDigits, spanId, traceFlags, traceState } = identity
  writeId(writer, TRACE_ID, ID_BYTES.trace, traceDigits)
  writeId(writer, SPAN_ID, ID_BYTES.span, spanId)
  if (traceState) writeState(writer, traceState.serialize())
  if (caller) writeId(writer, PARENT, ID_BYTES.span, caller.spanId)
  writer.byte(BEGAN_AT)
  writer.nanoseconds(beganAt)
  writer.byte(ENDED_AT)
  writer.nanoseconds(endedAt)
  for (const key in own) writeAttribute(writer, key, own[key]!)
  writer.byte(FLAGS[0])
  writer.byte(FLAGS[1])
  writer.fixed32((traceFlags & 0xff) | KNOWS_ORIGIN | (caller?.isRemote === true ? IS_REMOTE : 0))
  writer.put(shared)
}

function writeId(writer: ByteWriter, tag: number, bytes: number, digits: string): void {
  writer.byte(tag)
  writer.byte(bytes)
  writer.hex(digits)
}

function writeState(writer: ByteWriter, state: string): void {
  writer.byte(TRACE_STATE)
  writer.varint(Buffer.byteLength(state))
  writer.utf8(state)
}

/** @param bytes - Of the text, which is mostly ASCII: where it is not, it is written again. */
function writeAttribute(writer: ByteWriter, key: string, text: string, bytes = text.length): void {
  const from = writer.length
  const keyPart = keyBytes(key)
  const valueBytes = 1 + varintSize(bytes) + bytes
  writer.byte(ATTRIBUTE)
  writer.varint(keyPart.length + varintSize(valueBytes) + valueBytes)
  writer.put(keyPart)
  writer.varint(valueBytes)
  writer.byte(TEXT)
  writer.varint(bytes)
  if (bytes > text.length) writer.utf8(text)
  else if (!writer.ascii(text)) {
    writer.length = from
    writeAttribute(writer, key, text, Buffer.byteLength(text))
  }
}

/** The key of an attribute, up to its value. They are chosen by us, so they are few. */
function keyBytes(key: string): Uint8Array {
  let bytes = KEYS.get(key)
  if (!bytes) KEYS.set(key, (bytes = Buffer.from([KEY, key.length, ...Buffer.from(key), VALUE])))
  return bytes
}
