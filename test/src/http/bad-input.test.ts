/** What callers and handlers should not do, over real sockets: each gets one answer or a clean end, and one log line. */
import type { HttpContext } from '../../../src/http/http-context.ts'
import { serve, until, type SampleRoute } from './serve.ts'

const SECRET = 'secret-of-the-house'

const ROUTES: readonly SampleRoute[] = [
  { path: '/hello', handle: () => 'hello' },
  { method: 'POST', path: '/echo', handle: readAll },
  {
    path: '/undefined',
    handle: () => {
      throw undefined
    },
  },
  { path: '/null', handle: () => Promise.reject(null) },
  { path: '/text', handle: () => Promise.reject(SECRET) },
  {
    path: '/error',
    handle: () => {
      throw new Error(SECRET)
    },
  },
  {
    path: '/hostile',
    handle: () => {
      throw Object.create(null)
    },
  },
  {
    path: '/hostile-getter',
    handle: () => {
      throw {
        get status() {
          throw new Error(SECRET)
        },
      }
    },
  },
  { path: '/never', handle: () => new Promise(() => undefined) },
  {
    path: '/begun',
    isUnmanaged: true,
    handle: ({ response }) => {
      response.write('some')
      throw new Error(SECRET)
    },
  },
  {
    path: '/begun-later',
    isUnmanaged: true,
    handle: async ({ response }) => {
      response.write('some')
      await new Promise((resolve) => setImmediate(resolve))
      throw undefined
    },
  },
  {
    path: '/finished',
    isUnmanaged: true,
    handle: ({ response }) => {
      response.end('all of it')
      throw new Error(SECRET)
    },
  },
]

async function readAll({ request }: HttpContext): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString()
}

const GOOD = 'GET /hello HTTP/1.1\r\nHost: x\r\n\r\n'

/** Name, what is sent, and status and code of the answer. */
const BYTES: readonly (readonly [string, string, number, string])[] = [
  ['no HTTP at all', 'hello\r\n\r\n', 400, 'HTTP_REQUEST_MALFORMED'],
  ['TLS on a plain port', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', 400, 'HTTP_REQUEST_MALFORMED'],
  ['an unknown method', 'BREW / HTTP/1.1\r\nHost: x\r\n\r\n', 400, 'HTTP_REQUEST_MALFORMED'],
  ['an unknown version', 'GET / HTTP/9.9\r\nHost: x\r\n\r\n', 400, 'HTTP_REQUEST_MALFORMED'],
  ['a line break in a header', 'GET / HTTP/1.1\r\nHost: x\r\nA: b\nEvil\r\n\r\n', 400, 'HTTP_REQUEST_MALFORMED'],
  ['a space before the colon', 'GET / HTTP/1.1\r\nHost : x\r\n\r\n', 400, 'HTTP_REQUEST_MALFORMED'],
  ['a NUL in a header', 'GET / HTTP/1.1\r\nHost: x\r\nA: \x00\r\n\r\n', 400, 'HTTP_REQUEST_MALFORMED'],
  ['no Host', 'GET /hello HTTP/1.1\r\n\r\n', 400, 'HTTP_HOST_MISSING'],
  [
    'a head that is too large',
    `GET / HTTP/1.1\r\nHost: x\r\nA: ${'x'.repeat(17_000)}\r\n\r\n`,
    431,
    'HTTP_HEADERS_TOO_LARGE',
  ],
  [
    'a URL that fills the head',
    `GET /${'x'.repeat(17_000)} HTTP/1.1\r\nHost: x\r\n\r\n`,
    431,
    'HTTP_HEADERS_TOO_LARGE',
  ],
  [
    'a URL that is too long',
    `GET /${'x'.repeat(8300)} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`,
    414,
    'HTTP_URL_TOO_LONG',
  ],
  ['invalid percent-encoding', 'GET /%zz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n', 400, 'HTTP_PATH_MALFORMED'],
  [
    'invalid UTF-8 behind percent signs',
    'GET /%c3%28 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
    400,
    'HTTP_PATH_MALFORMED',
  ],
  [
    'length and chunks at once',
    'POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    400,
    'HTTP_REQUEST_MALFORMED',
  ],
  [
    'two lengths',
    'POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nbody!',
    400,
    'HTTP_REQUEST_MALFORMED',
  ],
  [
    'a length that is no number',
    'POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: +4\r\n\r\nbody',
    400,
    'HTTP_REQUEST_MALFORMED',
  ],
  [
    'an unknown transfer encoding',
    'POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n',
    400,
    'HTTP_REQUEST_MALFORMED',
  ],
  [
    'a chunk size that is no number',
    'POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n',
    400,
    'HTTP_REQUEST_MALFORMED',
  ],
  [
    'chunk extensions without end',
    `POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1;${'a'.repeat(17_000)}\r\n`,
    413,
    'HTTP_CHUNK_EXTENSIONS_TOO_LARGE',
  ],
]

describe('bytes that are no good request', () => {
  it.each(BYTES)('answers %s', async (_what, bytes, status, code) => {
    await using served = await serve(ROUTES)

    const answer = await served.exchange(bytes)

    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
    expect(answer.toLowerCase()).toContain('content-type: application/problem+json')
    expect(answer.toLowerCase()).toContain('connection: close')
    expect(answer.match(/^HTTP\/1\.1 \d/gm)).toHaveLength(1)
    expect(JSON.parse(answer.slice(answer.indexOf('\r\n\r\n')))).toMatchObject({ status, code })
    expect(served.logs.lines).toMatchObject([{ level: 'debug' }])
    expect((await served.request('/hello')).status).toBe(200)
  })

  it('answers a body that ends too early, and the handler learns of it', async () => {
    await using served = await serve(ROUTES)

    const wire = await served.connect('POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf')
    await until(() => served.server.inFlight === 1, 'the call')
    wire.socket.end()

    expect(await wire.untilClosed()).toMatch(/^HTTP\/1\.1 400 [^]*HTTP_REQUEST_MALFORMED/)
    expect(await served.outcomes(1)).toMatchObject([{ status: 400 }])
    expect(served.loggedAt('error')).toEqual([])
  })

  it('ends a head that arrives too slowly', async () => {
    await using served = await serve(ROUTES, { config: { headersTimeoutMs: 60 } })

    const answer = await served.exchange('GET /hello HTTP/1.1\r\nHost: x\r\nA: ')

    expect(answer).toMatch(/^HTTP\/1\.1 408 Request Timeout[^]*HTTP_REQUEST_TIMEOUT/)
    expect(served.logs.lines).toMatchObject([{ level: 'debug' }])
  })

  it('ends a body that arrives too slowly', async () => {
    await using served = await serve(ROUTES, { config: { headersTimeoutMs: 60, requestTimeoutMs: 80 } })

    const answer = await served.exchange('POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nh')

    expect(answer).toMatch(/^HTTP\/1\.1 408 Request Timeout[^]*HTTP_REQUEST_TIMEOUT/)
    expect(await served.outcomes(1)).toMatchObject([{ status: 408 }])
  })

  it('answers pipelined requests in their order, and garbage behind them last', async () => {
    const gate = Promise.withResolvers<string>()
    await using served = await serve([...ROUTES, { path: '/slow', handle: () => gate.promise }])

    const wire = await served.connect(`GET /slow HTTP/1.1\r\nHost: x\r\n\r\n${GOOD}${GOOD}garbage\r\n\r\n`)
    await until(() => served.server.inFlight === 3, 'three calls')
    gate.resolve('slow')
    const answer = await wire.untilClosed()

    expect(answer.match(/HTTP\/1\.1 \d+|"slow"|"hello"|HTTP_REQUEST_MALFORMED"/g)).toEqual([
      'HTTP/1.1 200',
      '"slow"',
      'HTTP/1.1 200',
      '"hello"',
      'HTTP/1.1 200',
      '"hello"',
      'HTTP/1.1 400',
      'HTTP_REQUEST_MALFORMED"',
      'HTTP_REQUEST_MALFORMED"',
    ])
  })

  it('notices a caller that goes away: the signal aborts and the outcome is 499', async () => {
    const aborted = Promise.withResolvers<unknown>()
    await using served = await serve([
      {
        path: '/wait',
        handle: ({ signal }) => {
          signal.addEventListener('abort', () => aborted.resolve(signal.reason))
          return new Promise((_resolve, reject) =>
            signal.addEventListener('abort', () => reject(signal.reason as Error)),
          )
        },
      },
    ])

    const wire = await served.connect('GET /wait HTTP/1.1\r\nHost: x\r\n\r\n')
    await until(() => served.server.inFlight === 1, 'the call')
    wire.socket.destroy()

    expect(await aborted.promise).toMatchObject({ code: 'HTTP_CALLER_GONE' })
    expect(await served.outcomes(1)).toMatchObject([{ status: 499 }])
    await until(() => served.logs.lines.length === 1, 'the echo of the abort')
    expect(served.logs.lines).toMatchObject([{ level: 'debug' }])
  })

  it('notices it for pipelined requests that wait behind another one too', async () => {
    await using served = await serve(ROUTES, { config: { handlerTimeoutMs: 1000 } })

    const wire = await served.connect('GET /never HTTP/1.1\r\nHost: x\r\n\r\nGET /never HTTP/1.1\r\nHost: x\r\n\r\n')
    await until(() => served.server.inFlight === 2, 'two calls')
    wire.socket.destroy()

    expect((await served.outcomes(2)).map(({ status }) => status)).toEqual([499, 499])
    expect(served.server.inFlight).toBe(0)
  })

  it('survives a caller that leaves in the middle of its body', async () => {
    await using served = await serve(ROUTES)

    const wire = await served.connect('POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf')
    await until(() => served.server.inFlight === 1, 'the call')
    wire.socket.resetAndDestroy()

    expect(await served.outcomes(1)).toMatchObject([{ status: 499 }])
    expect(served.loggedAt('error')).toEqual([])
    expect((await served.request('/hello')).status).toBe(200)
  })
})

describe('handlers that fail', () => {
  it.each(['/undefined', '/null', '/text', '/error', '/hostile', '/hostile-getter'])(
    'answers 500 to %s, tells nothing, and logs it once',
    async (path) => {
      await using served = await serve(ROUTES)

      const response = await served.request(path, { headers: { accept: 'text/html' } })
      const text = await response.text()

      expect(response.status).toBe(500)
      expect(JSON.parse(text)).toMatchObject({ status: 500, code: 'HTTP_INTERNAL_SERVER_ERROR' })
      expect(text).not.toContain(SECRET)
      expect(text).not.toMatch(/\.[jt]s:\d|at /)
      expect(served.loggedAt('error').filter((line) => line.message === `GET ${path} failed.`)).toHaveLength(1)
      expect((await served.outcomes(1)).map(({ status }) => status)).toEqual([500])
    },
  )

  it.each([
    ['/begun', ''],
    ['/begun-later', 'some'],
  ])('closes the connection when the answer has begun: %s', async (path, sent) => {
    await using served = await serve(ROUTES)

    const answer = await served.exchange(`GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`)

    expect(answer).toContain(sent)
    expect(answer).not.toMatch(/\r\n0\r\n\r\n$/)
    expect(answer).not.toContain(SECRET)
    expect(served.logs.lines).toMatchObject([{ level: 'error' }])
    expect(await served.outcomes(1)).toMatchObject([{ status: 500 }])
  })

  it('leaves a complete answer alone when its handler throws afterwards', async () => {
    await using served = await serve(ROUTES)

    const response = await served.request('/finished')

    expect([response.status, await response.text()]).toEqual([200, 'all of it'])
    expect(served.logs.lines).toMatchObject([{ level: 'error' }])
  })

  it('survives a handler that writes after the end', async () => {
    await using served = await serve([
      {
        path: '/',
        isUnmanaged: true,
        handle: ({ response }) => {
          response.end('all of it')
          response.write('and more')
        },
      },
    ])

    const response = await served.request('/')
    await until(() => served.logs.lines.length === 1, 'the log line')

    expect(await response.text()).toBe('all of it')
    expect(served.logs.lines).toMatchObject([
      { level: 'error', fields: { error: { code: 'ERR_STREAM_WRITE_AFTER_END' } } },
    ])
  })

  it('reads the rest of a refused upload away, and serves what follows', async () => {
    await using served = await serve([
      ...ROUTES,
      { method: 'POST', path: '/', handle: () => Promise.reject(new Error('no')) },
    ])

    const wire = await served.connect('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n')
    await wire.until('500 Internal')
    wire.send('x'.repeat(100_000))
    wire.send(GOOD)

    expect(await wire.until('"hello"')).toContain('200 OK')
  })

  it('ends a refused upload that does not end by itself', async () => {
    await using served = await serve([{ method: 'POST', path: '/', handle: () => 'no thanks' }], {
      config: { bodyTimeoutMs: 40 },
    })

    const wire = await served.connect('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\nsome')

    expect(await wire.untilClosed()).toContain('no thanks')
    expect(await served.outcomes(1)).toMatchObject([{ status: 200 }])
  })

  it('answers 503 for a handler that never does, and aborts its signal', async () => {
    let reason: unknown
    await using served = await serve(
      [
        {
          path: '/never',
          handle: ({ signal }) => new Promise(() => signal.addEventListener('abort', () => (reason = signal.reason))),
        },
      ],
      { config: { handlerTimeoutMs: 50 } },
    )

    const response = await served.request('/never')

    expect(response.status).toBe(503)
    expect(await response.json()).toMatchObject({ code: 'SERVER_HANDLER_TIMEOUT' })
    expect(reason).toMatchObject({ code: 'SERVER_HANDLER_TIMEOUT' })
    expect(await served.outcomes(1)).toMatchObject([{ status: 503 }])
    expect(served.loggedAt('error')).toHaveLength(1)
  })

  it('ignores what comes after the time was over', async () => {
    const gate = Promise.withResolvers<string>()
    await using served = await serve(
      [
        { path: '/late', handle: () => gate.promise },
        { path: '/late-error', handle: () => gate.promise.then(() => Promise.reject(new Error('late'))) },
      ],
      { config: { handlerTimeoutMs: 30 } },
    )

    const answers = await Promise.all([served.request('/late'), served.request('/late-error')])
    gate.resolve('too late')
    await until(() => served.loggedAt('debug').length === 1, 'the echo')

    expect(answers.map(({ status }) => status)).toEqual([503, 503])
    expect(served.loggedAt('error')).toHaveLength(2)
  })

  it('does not cut an answer that has begun in time', async () => {
    await using served = await serve(
      [
        {
          path: '/stream',
          isUnmanaged: true,
          handle: async ({ response }) => {
            for (let part = 0; part < 6; part++) {
              response.write(String(part))
              await new Promise((resolve) => setTimeout(resolve, 20))
            }
            response.end()
          },
        },
      ],
      { config: { handlerTimeoutMs: 40 } },
    )

    expect(await (await served.request('/stream')).text()).toBe('012345')
  })

  it('counts the time from when an upload has stopped coming in', async () => {
    await using served = await serve(ROUTES, { config: { handlerTimeoutMs: 60 } })

    const wire = await served.connect('POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 8\r\n\r\n')
    for (const letter of 'uploaded') {
      await new Promise((resolve) => setTimeout(resolve, 25))
      wire.send(letter)
    }

    expect(await wire.until('uploaded')).toContain('200 OK')
  })
})
