import { SpanKind, SpanStatusCode, TraceFlags, type AnyValue, type SpanContext } from '@opentelemetry/api'
import { TraceState } from '@opentelemetry/core'
import { ProtobufTraceSerializer } from '@opentelemetry/otlp-transformer'
import { resourceFromAttributes } from '@opentelemetry/resources'
import type { ReadableSpan } from '@opentelemetry/sdk-trace'
import fc from 'fast-check'

import type { CommonFacts } from '../../../../../modules/observability/tracing/common-attributes.ts'
import { SerializedParts } from '../../../../../modules/observability/tracing/export/serialized-parts.ts'
import { SpanBatch } from '../../../../../modules/observability/tracing/export/span-batch.ts'
import { CallIdentity } from '../../../../../modules/observability/tracing/trace-identity.ts'
import { UntouchedSpan } from '../../../../../modules/observability/tracing/untouched-span.ts'
import { readRequest } from '../../otlp-request.ts'

const RUNS = process.env['FULL'] === '1' ? 50_000 : 300

const text = fc.string({ unit: 'binary', maxLength: 200 })
const ascii = fc.string({ unit: 'grapheme-ascii', maxLength: 200 })
const number = fc.oneof(fc.maxSafeInteger(), fc.double())
const value = fc.oneof(
  text,
  number,
  fc.boolean(),
  fc.array(text),
  fc.array(number),
  fc.array(fc.boolean()),
) as fc.Arbitrary<AnyValue>
const attributes = fc.dictionary(text, value, { maxKeys: 8 })
const digits = (count: number): fc.Arbitrary<string> =>
  fc.array(fc.constantFrom(...'0123456789abcdef'), { minLength: count, maxLength: count }).map((all) => all.join(''))
const time = fc.tuple(fc.integer({ min: 1, max: 4_000_000_000 }), fc.integer({ min: 0, max: 999_999_999 }))
const count = fc.nat(3)

const spanContext: fc.Arbitrary<SpanContext> = fc
  .record({
    traceId: digits(32),
    spanId: digits(16),
    traceFlags: fc.constantFrom(TraceFlags.NONE, TraceFlags.SAMPLED),
    isRemote: fc.option(fc.boolean(), { nil: undefined }),
    state: fc.option(fc.constantFrom('a=1', 'vendor=x,other=y'), { nil: undefined }),
  })
  .map(({ state, isRemote, ...rest }) => ({
    ...rest,
    ...(isRemote !== undefined && { isRemote }),
    ...(state !== undefined && { traceState: new TraceState(state) }),
  }))

const RESOURCES = [{ 'service.name': 'desk' }, {}].map((each) => resourceFromAttributes(each))
const SCOPES = [{ name: 'tenon' }, { name: 'pg "driver"', version: '1.2.3', schemaUrl: 'https://example.org/1' }]
const [OURS] = SCOPES

/** As the SDK makes them. */
const span: fc.Arbitrary<ReadableSpan> = fc
  .record({
    name: text,
    kind: fc.constantFrom(SpanKind.INTERNAL, SpanKind.SERVER, SpanKind.CLIENT, SpanKind.PRODUCER, SpanKind.CONSUMER),
    own: spanContext,
    parentSpanContext: fc.option(spanContext, { nil: undefined }),
    startTime: time,
    endTime: time,
    status: fc.record(
      { code: fc.constantFrom(SpanStatusCode.UNSET, SpanStatusCode.OK, SpanStatusCode.ERROR), message: text },
      { requiredKeys: ['code'] },
    ),
    attributes,
    links: fc.array(fc.record({ context: spanContext, attributes, droppedAttributesCount: count }), { maxLength: 2 }),
    events: fc.array(fc.record({ name: text, time, attributes, droppedAttributesCount: count }), { maxLength: 2 }),
    instrumentationScope: fc.constantFrom(...SCOPES),
    droppedAttributesCount: count,
    droppedEventsCount: count,
    droppedLinksCount: count,
  })
  .map(({ own, parentSpanContext, ...rest }) => ({
    ...rest,
    ...(parentSpanContext && { parentSpanContext }),
    spanContext: () => own,
    duration: [0, 0],
    ended: true,
    resource: RESOURCES[0]!,
  }))

/** What calls of two endpoints have in common. */
const COMMON: readonly CommonFacts[] = [
  {
    name: 'GET /tickets/:id',
    kind: SpanKind.SERVER,
    attributes: { 'http.route': '/tickets/:id', 'http.response.status_code': 200, 'server.port': 3000 },
  },
  { name: 'Übersicht.list', kind: SpanKind.INTERNAL, attributes: { 'code.function.name': 'Übersicht.list' } },
]
const milliseconds = fc.double({ min: 1, max: 4e12, noNaN: true, noDefaultInfinity: true })

/** A call with no span of the SDK's. */
const call: fc.Arbitrary<UntouchedSpan> = fc
  .record({
    context: spanContext,
    caller: fc.option(spanContext, { nil: undefined }),
    beganAt: milliseconds,
    durationMs: fc.double({ min: 0, max: 1e6, noNaN: true }),
    isUuid: fc.boolean(),
    endpoint: fc.nat(1),
    own: fc.dictionary(fc.constantFrom('url.path', 'tenon.request_id', 'user.id'), fc.oneof(ascii, text)),
    longPath: fc.option(fc.integer({ min: 0, max: 20_000 }), { nil: undefined, freq: 10 }),
  })
  .map(({ context, caller, beganAt, durationMs, isUuid, endpoint, own, longPath }) => {
    const { traceId, traceFlags, traceState } = context
    const facts = {
      identity: new CallIdentity(isUuid ? dashed(traceId) : traceId, traceFlags, traceState),
      caller,
      beganAt,
      endedAt: beganAt + durationMs,
      common: COMMON[endpoint]!,
      own: { ...own, ...(longPath !== undefined && { 'url.path': 'x'.repeat(longPath) }) },
    }
    return new UntouchedSpan(facts, { resource: RESOURCES[0]!, instrumentationScope: OURS! })
  })

/** Digits as a request id has them. */
function dashed(digits: string): string {
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}

function newBatch(memory?: ArrayBuffer): SpanBatch {
  return new SpanBatch(new SerializedParts(ProtobufTraceSerializer), memory)
}

/** The library puts all spans of a scope together, we those that follow each other: each span with what is said around it. */
function spansOf(body: Uint8Array): readonly object[] {
  return readRequest(body).resourceSpans.flatMap(({ scopeSpans, ...application }) =>
    scopeSpans.flatMap(({ spans, ...scope }) => spans.map((each) => ({ application, scope, each }))),
  )
}

/** Attributes have no order, nor have the spans of a request. */
function sorted(spans: readonly object[]): readonly string[] {
  return spans
    .map((each) =>
      JSON.stringify(each, (name, field: object[]) => (name === 'attributes' ? field.toSorted(byText) : field)),
    )
    .toSorted()
}

const byText = (one: unknown, other: unknown): number => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1)

describe('Spans that wait to be sent', () => {
  it('say what the serializer of OpenTelemetry says', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(span, call), { minLength: 1, maxLength: 6 }), (spans) => {
        const batch = newBatch()
        for (const each of spans) expect(batch.add(each)).toBe(true)

        const expected = ProtobufTraceSerializer.serializeRequest(spans)!
        expect(sorted(spansOf(batch.body()))).toEqual(sorted(spansOf(expected)))
      }),
      { numRuns: RUNS },
    )
  })

  it('of one scope stand together', () => {
    const [first, second] = fc.sample(call, 2)
    const [own] = fc.sample(span, 1)
    const batch = newBatch()
    for (const each of [first!, { ...own!, instrumentationScope: OURS! }, second!]) batch.add(each)

    expect(readRequest(batch.body()).resourceSpans).toMatchObject([{ scopeSpans: [{ spans: [{}, {}, {}] }] }])
  })

  it('leave no room for more than a request should carry, but for one that is larger by itself', () => {
    const [example] = fc.sample(span, 1)
    const large = (bytes: number): ReadableSpan => ({ ...example!, attributes: { text: 'x'.repeat(bytes) } })
    const batch = newBatch()

    expect(batch.add(large(600_000))).toBe(true)
    expect(batch.add(large(600_000))).toBe(false)
    expect(spansOf(batch.body())).toHaveLength(1)

    const huge = newBatch()
    expect(huge.add(large(3_000_000))).toBe(true)
    expect(spansOf(huge.body())).toHaveLength(1)
  })

  it('never run over the memory they are written on', () => {
    const calls = fc.sample(call, 300)
    const batches = [newBatch(new ArrayBuffer(30_000))]
    for (const each of calls) {
      if (batches.at(-1)!.add(each)) continue
      batches.push(newBatch(new ArrayBuffer(30_000)))
      expect(batches.at(-1)!.add(each)).toBe(true)
    }
    const written = batches.flatMap((each) => spansOf(each.body()))
    expect(sorted(written)).toEqual(sorted(spansOf(ProtobufTraceSerializer.serializeRequest(calls)!)))
  })

  it('are written on memory that was used before', () => {
    const [first, second] = fc.sample(call, 2)
    const earlier = newBatch()
    earlier.add(first!)
    const memory = earlier.body().buffer

    const later = newBatch(memory)
    later.add(second!)

    expect(sorted(spansOf(later.body()))).toEqual(sorted(spansOf(ProtobufTraceSerializer.serializeRequest([second!])!)))
  })
})
