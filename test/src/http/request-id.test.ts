import { RequestIds, sentRequestId, traceIdOf } from '../../../src/http/request-id.ts'

const V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

describe('sentRequestId', () => {
  it.each(['a', 'Root-1:2.3-4_5', 'x'.repeat(128)])('keeps the acceptable id %s', (id) => {
    expect(sentRequestId(id)).toBe(id)
  })

  it.each([undefined, '', 'a b', 'x'.repeat(129), 'a\nb', 'é', ['a', 'b']])('does not take %p', (id) => {
    expect(sentRequestId(id)).toBeUndefined()
  })
})

describe('RequestIds', () => {
  it('makes ids that are unique and sort by time', () => {
    const ids = new RequestIds()
    const before = Date.now()
    const made = Array.from({ length: 2000 }, () => ids.next(Date.now()))
    const time = Number.parseInt(made.at(-1)!.slice(0, 13).replace('-', ''), 16)

    expect(new Set(made).size).toBe(2000)
    for (const id of made) expect(id).toMatch(V7)
    expect(time).toBeGreaterThanOrEqual(before)
    expect(time).toBeLessThanOrEqual(Date.now())
  })

  it('shares no randomness between servers', () => {
    const tails = [new RequestIds(), new RequestIds()].map((ids) => ids.next(Date.now()).slice(14))

    expect(tails[0]).not.toBe(tails[1])
  })
})

describe('traceIdOf', () => {
  const trace = '4bf92f3577b34da6a3ce929d0e0e4736'

  it.each([`00-${trace}-00f067aa0ba902b7-01`, `cc-${trace}-00f067aa0ba902b7-01-what-the-future-is-like`])(
    'reads %s',
    (header) => expect(traceIdOf(header)).toBe(trace),
  )

  it.each([
    undefined,
    '',
    trace,
    `ff-${trace}-00f067aa0ba902b7-01`,
    `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`,
    `00-${trace}-${'0'.repeat(16)}-01`,
    `00-${trace.toUpperCase()}-00f067aa0ba902b7-01`,
  ])('does not take %p', (header) => {
    expect(traceIdOf(header)).toBeUndefined()
  })
})
