import { composeUuidV7, newRequestId, requestIdOf, traceIdOf } from '../../../src/http/request-id.ts'

const V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

describe('requestIdOf', () => {
  it.each(['a', 'Root-1:2.3-4_5', 'x'.repeat(128)])('keeps the acceptable id %s', (id) => {
    expect(requestIdOf(id)).toBe(id)
  })

  it.each([undefined, '', 'a b', 'x'.repeat(129), 'a\nb', 'é', ['a', 'b']])('replaces %p', (id) => {
    expect(requestIdOf(id)).toMatch(V7)
  })
})

describe('newRequestId', () => {
  it.each([
    ['of Node', newRequestId],
    ['of our own', composeUuidV7],
  ])('makes ids %s that are unique and begin with the time', (_whose, make) => {
    const before = Date.now()
    const ids = Array.from({ length: 100 }, () => make())
    const time = Number.parseInt(ids[0]!.slice(0, 13).replace('-', ''), 16)

    expect(new Set(ids).size).toBe(100)
    for (const id of ids) expect(id).toMatch(V7)
    expect(time).toBeGreaterThanOrEqual(before)
    expect(time).toBeLessThanOrEqual(Date.now())
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
