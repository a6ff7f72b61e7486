import { defineError, NotFoundException, Problem, problemOf } from 'tenon'

const LimitReached = defineError({
  code: 'SHOP_LIMIT_REACHED',
  status: 429,
  message: (limit: number) => `No more than ${limit} orders a day.`,
  help: 'Try again tomorrow.',
  headers: { 'retry-after': () => '86400' },
})

describe('problemOf', () => {
  it('tells a caller what a defined error says, with its headers', () => {
    const problem = problemOf(new LimitReached(3))

    expect(problem).toMatchObject({
      status: 429,
      code: 'SHOP_LIMIT_REACHED',
      detail: 'No more than 3 orders a day.',
      headers: { 'retry-after': '86400' },
    })
  })

  it.each([
    ['an error', new Error('password=hunter2')],
    ['a string', 'password=hunter2'],
    ['nothing', undefined],
    ['an object that looks like an answer', { status: 200, expose: true }],
  ])('keeps %s inside, and shows it only in development', (_what, thrown) => {
    expect(JSON.stringify(problemOf(thrown).toBody('t'))).toBe(
      '{"type":"urn:tenon:problem:HTTP_INTERNAL_SERVER_ERROR","title":"Internal Server Error","status":500,' +
        '"code":"HTTP_INTERNAL_SERVER_ERROR","traceId":"t"}',
    )
    expect(problemOf(thrown, { exposeInternals: true }).detail).toEqual(expect.any(String))
  })

  it('takes the status of errors that are meant for callers', () => {
    const tooLarge = Object.assign(new Error('request entity too large'), { status: 413, expose: true })

    expect(problemOf(tooLarge)).toMatchObject({ status: 413, detail: 'request entity too large' })
  })

  it('does not pass on the status and headers of a failed call to another service', () => {
    const upstream = Object.assign(new Error('Request failed'), { status: 404, headers: { 'set-cookie': 'a=b' } })

    expect(problemOf(upstream)).toMatchObject({ status: 500, headers: undefined, detail: undefined })
  })

  it('gives an exception of the known names its status, code and title', () => {
    expect(problemOf(new NotFoundException('No such ticket.')).toBody()).toEqual({
      type: 'urn:tenon:problem:HTTP_NOT_FOUND',
      title: 'Not Found',
      status: 404,
      detail: 'No such ticket.',
      code: 'HTTP_NOT_FOUND',
    })
  })

  it('lets no extension replace a member of the problem', () => {
    const problem = new Problem({ status: 409, extensions: { status: 200, type: 'x', balance: 30 } })

    expect(problem.toBody()).toMatchObject({ status: 409, type: 'urn:tenon:problem:HTTP_CONFLICT', balance: 30 })
  })
})
