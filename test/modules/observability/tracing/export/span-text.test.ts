import { SpanKind, SpanStatusCode, TraceFlags, type AnyValue, type SpanContext } from '@opentelemetry/api'
import { TraceState } from '@opentelemetry/core'
import { JsonTraceSerializer } from '@opentelemetry/otlp-transformer'
import { resourceFromAttributes } from '@opentelemetry/resources'
import type { ReadableSpan } from '@opentelemetry/sdk-trace'
import fc from 'fast-check'

import { SpanBatch } from '../../../../../modules/observability/tracing/export/span-batch.ts'

const RUNS = process.env['FULL'] === '1' ? 50_000 : 300

const text = fc.string({ unit: 'binary' })
/** Numbers beyond 64-bit integers are doubles here; the library calls all whole numbers integers. */
const number = fc.oneof(fc.maxSafeInteger(), fc.double({ noNaN: true, noDefaultInfinity: true, noInteger: true }))
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

interface Written {
  readonly resourceSpans: readonly {
    readonly resource: unknown
    readonly scopeSpans: readonly { readonly scope: object; readonly schemaUrl?: string; readonly spans: unknown[] }[]
  }[]
}

/** The library puts all spans of a scope together, we those that follow each other: each span with what is said around it. */
function spansOf(body: Uint8Array): readonly unknown[] {
  const { resourceSpans } = JSON.parse(Buffer.from(body).toString()) as Written
  return resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans.flatMap(({ scope, schemaUrl, spans }) => spans.map((each) => ({ resource, scope, schemaUrl, each }))),
  )
}

const byText = (one: unknown, other: unknown): number => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1)

describe('Spans that wait to be sent', () => {
  it('say what the serializer of OpenTelemetry says', () => {
    fc.assert(
      fc.property(fc.array(span, { minLength: 1, maxLength: 4 }), fc.constantFrom(...RESOURCES), (spans, resource) => {
        const own = spans.map((each) => ({ ...each, resource }))
        const batch = new SpanBatch(resource)
        for (const each of own) expect(batch.add(each)).toBe(true)

        const expected = JsonTraceSerializer.serializeRequest(own)!
        expect([...spansOf(batch.body())].toSorted(byText)).toEqual([...spansOf(expected)].toSorted(byText))
      }),
      { numRuns: RUNS },
    )
  })

  it('may hold values that the serializer of OpenTelemetry gets wrong', () => {
    const [example] = fc.sample(span, 1)
    const values = {
      far: 2 ** 60,
      none: Number.NaN,
      most: -Infinity,
      bytes: new Uint8Array([1, 2, 255]),
      map: { a: 1 },
    }
    const batch = new SpanBatch(RESOURCES[0]!)
    batch.add({ ...example!, attributes: values })

    expect(spansOf(batch.body())).toMatchObject([
      {
        each: {
          attributes: [
            { key: 'far', value: { doubleValue: 2 ** 60 } },
            { key: 'none', value: { doubleValue: 'NaN' } },
            { key: 'most', value: { doubleValue: '-Infinity' } },
            { key: 'bytes', value: { bytesValue: 'AQL/' } },
            { key: 'map', value: { kvlistValue: { values: [{ key: 'a', value: { intValue: 1 } }] } } },
          ],
        },
      },
    ])
  })

  it('leave no room for more than a request should carry, but for one that is larger by itself', () => {
    const [example] = fc.sample(span, 1)
    const large = (bytes: number): ReadableSpan => ({ ...example!, attributes: { text: 'x'.repeat(bytes) } })
    const batch = new SpanBatch(RESOURCES[0]!)

    expect(batch.add(large(600_000))).toBe(true)
    expect(batch.add(large(600_000))).toBe(false)
    expect(spansOf(batch.body())).toHaveLength(1)

    const huge = new SpanBatch(RESOURCES[0]!)
    expect(huge.add(large(3_000_000))).toBe(true)
    expect(spansOf(huge.body())).toHaveLength(1)
  })

  it('are written on memory that was used before', () => {
    const [first, second] = fc.sample(span, 2)
    const earlier = new SpanBatch(RESOURCES[0]!)
    earlier.add(first!)
    const memory = earlier.body().buffer

    const later = new SpanBatch(RESOURCES[0]!, memory)
    later.add(second!)

    expect(spansOf(later.body())).toEqual(spansOf(JsonTraceSerializer.serializeRequest([second!])!))
  })
})
