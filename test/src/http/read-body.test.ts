import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'

import { Body, Post, RawBody } from '../../../decorators/index.ts'
import { serve, until, type ServeOptions, type ServedController } from './serve-controller.ts'

class Bodies {
  @Post('/any')
  any(@Body() body: object) {
    return { body }
  }

  @Post('/text')
  text(@Body() text: string) {
    return { text }
  }

  @Post('/raw')
  raw(@RawBody() raw: Buffer) {
    return { length: raw.length }
  }

  @Post('/both')
  both(@RawBody() raw: Buffer, @Body() body: object) {
    return { raw: raw.toString(), body }
  }

  @Post('/ignored')
  ignored() {
    return 'ok'
  }
}

const post = (
  server: ServedController,
  path: string,
  body: string | Uint8Array<ArrayBuffer>,
  headers: Record<string, string>,
): Promise<Response> => server.fetch(path, { method: 'POST', body, headers, duplex: 'half' })

const json = { 'content-type': 'application/json' }

const head = (path: string, ...headers: string[]): string =>
  [`POST ${path} HTTP/1.1`, 'Host: x', 'Content-Type: application/json', ...headers, '', ''].join('\r\n')

const served = (config: ServeOptions['config'] = {}, before?: ServeOptions['before']): Promise<ServedController> =>
  serve(Bodies, { config, before })

describe('Bodies', () => {
  it.each([
    ['application/json', '{"a":1}', { a: 1 }],
    ['application/json; charset=UTF-8', '{"a":1}', { a: 1 }],
    ['application/vnd.acme+json', '{"a":1}', { a: 1 }],
    ['Application/JSON;charset="utf-8"', '\uFEFF{"a":"ü"}', { a: 'ü' }],
    ['application/x-www-form-urlencoded', 'a=1&b=x+y&b=%C3%BC', { a: '1', b: ['x y', 'ü'] }],
  ])('are read as %s', async (type, text, expected) => {
    await using server = await served()

    expect(await (await post(server, '/any', text, { 'content-type': type })).json()).toEqual({ body: expected })
  })

  it.each([
    ['malformed JSON', '{"a":', 'REQUEST_BODY_MALFORMED'],
    ['a key twice', '{"a":1,"a":2}', 'REQUEST_BODY_KEY_DUPLICATE'],
    ['a poisoned prototype', '{"__proto__":{"a":1}}', 'REQUEST_BODY_KEY_FORBIDDEN'],
    ['deep nesting', '['.repeat(65) + ']'.repeat(65), 'REQUEST_BODY_TOO_DEEP'],
    ['invalid UTF-8', Buffer.from([0x22, 0xc3, 0x28, 0x22]), 'REQUEST_BODY_MALFORMED'],
  ])('with %s are refused with 400', async (_what, body, code) => {
    await using server = await served()

    const response = await post(server, '/any', body, json)

    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ code })
    expect(server.errors).toHaveLength(1)
  })

  it('with a poisoned form are refused', async () => {
    await using server = await served()

    const response = await post(server, '/any', 'a=1&__proto__=2', {
      'content-type': 'application/x-www-form-urlencoded',
    })

    expect(await response.json()).toMatchObject({ status: 400, code: 'REQUEST_BODY_KEY_FORBIDDEN' })
  })

  it.each([
    ['/any', 'text/plain', 'application/json, application/x-www-form-urlencoded', 'the Content-Type "text/plain"'],
    ['/any', '', 'application/json, application/x-www-form-urlencoded', 'no Content-Type'],
    ['/any', 'nonsense', 'application/json, application/x-www-form-urlencoded', 'the Content-Type "nonsense"'],
    ['/text', 'application/x-www-form-urlencoded', 'application/json, text/*', 'form-urlencoded"'],
  ])('%s does not take %j, and says what it takes', async (path, type, supported, given) => {
    await using server = await served()

    const response = await post(server, path, Buffer.from('x'), type === '' ? {} : { 'content-type': type })

    expect(response.status).toBe(415)
    const { code, detail } = (await response.json()) as { code: string; detail: string }
    expect(code).toBe('REQUEST_MEDIA_TYPE_UNSUPPORTED')
    expect(detail).toContain(`POST ${path} takes ${supported}`)
    expect(detail).toContain(given)
  })

  it('in another charset are refused with 415', async () => {
    await using server = await served()

    const response = await post(server, '/any', '{}', { 'content-type': 'application/json; charset=latin1' })

    expect(await response.json()).toMatchObject({ status: 415, code: 'REQUEST_ENCODING_UNSUPPORTED' })
  })

  it.each([
    ['gzip', gzipSync],
    ['x-gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
    ['identity', (body: string) => Buffer.from(body)],
  ])('compressed with %s are inflated', async (encoding, compress) => {
    await using server = await served()

    const response = await post(server, '/any', compress('{"a":1}'), { ...json, 'content-encoding': encoding })

    expect(await response.json()).toEqual({ body: { a: 1 } })
  })

  it.each(['zstd', 'gzip, br', '__proto__'])('compressed with %s are refused with 415', async (encoding) => {
    await using server = await served()

    const response = await post(server, '/any', 'x', { ...json, 'content-encoding': encoding })

    expect(await response.json()).toMatchObject({ status: 415, code: 'REQUEST_ENCODING_UNSUPPORTED' })
  })

  it('whose compression is damaged or cut short are refused with 400', async () => {
    await using server = await served()
    const whole = gzipSync(JSON.stringify({ a: 'x'.repeat(1000) }))

    for (const body of ['not gzip at all', whole.subarray(0, whole.length - 12)]) {
      const response = await post(server, '/any', body, { ...json, 'content-encoding': 'gzip' })
      expect(await response.json()).toMatchObject({ status: 400, code: 'REQUEST_BODY_MALFORMED' })
    }
  })

  it('that inflate past the limit are refused while they are inflated', async () => {
    await using server = await served({ maxBodyBytes: 10_000 })
    const bomb = gzipSync(Buffer.alloc(5_000_000, 0x20))
    expect(bomb.length).toBeLessThan(10_000)

    const response = await post(server, '/any', bomb, { ...json, 'content-encoding': 'gzip' })

    expect(await response.json()).toMatchObject({ status: 413, code: 'REQUEST_BODY_TOO_LARGE' })
  })

  it('of exactly the limit are taken, with one byte more refused', async () => {
    await using server = await served({ maxBodyBytes: 10 })

    expect(await (await post(server, '/raw', 'x'.repeat(10), {})).json()).toEqual({ length: 10 })
    expect((await post(server, '/raw', 'x'.repeat(11), {})).status).toBe(413)
  })

  it('announced over the limit are refused before a byte is read, and the connection closes cleanly', async () => {
    await using server = await served({ maxBodyBytes: 100 })
    using connection = await server.connect()

    connection.send(head('/any', 'Content-Length: 1000000'))

    const answer = await connection.untilClosed()
    expect(answer).toMatch(/^HTTP\/1\.1 413 /)
    expect(answer).toMatch(/\r\nconnection: close\r\n/i)
    expect(connection.closedBy).toBe('end')
  })

  it('over the limit are refused while they are read, to a caller that goes on sending', async () => {
    await using server = await served({ maxBodyBytes: 100_000 })
    using connection = await server.connect()
    const chunk = `10000\r\n${'x'.repeat(0x10000)}\r\n`

    connection.send(head('/any', 'Transfer-Encoding: chunked'))
    const sending = setInterval(() => connection.socket.writable && connection.send(chunk), 1)
    const answer = await connection.untilClosed()
    clearInterval(sending)

    expect(answer).toMatch(/^HTTP\/1\.1 413 /)
    expect(answer).toContain('REQUEST_BODY_TOO_LARGE')
    expect(connection.closedBy).toBe('end')
    expect(server.errors).toHaveLength(1)
  })

  it('that were refused leave no request behind them', async () => {
    await using server = await served({ maxBodyBytes: 10 })
    using connection = await server.connect()

    connection.send(`${head('/any', 'Content-Length: 20')}${'x'.repeat(5)}`)
    await connection.untilClosed()
    connection.send(`${'x'.repeat(15)}${head('/ignored', 'Content-Length: 0')}`)
    connection.socket.end()
    await until(() => connection.socket.destroyed, 'the connection to be gone')

    expect(connection.received.match(/HTTP\/1\.1/g)).toHaveLength(1)
    expect(server.outcomes).toEqual([413])
  })

  it('that stop coming are answered with 408, and the connection closes', async () => {
    await using server = await served({ bodyTimeoutMs: 30 })
    using connection = await server.connect()

    connection.send(`${head('/any', 'Content-Length: 10')}{"a"`)

    const answer = await connection.untilClosed()
    expect(answer).toMatch(/^HTTP\/1\.1 408 /)
    expect(answer).toContain('REQUEST_BODY_TIMEOUT')
    expect(connection.closedBy).toBe('end')
  })

  it.each([
    ['resets', 'resetAndDestroy', 'REQUEST_ABORTED', 499],
    ['closes', 'destroy', 'HTTP_REQUEST_MALFORMED', 400],
  ] as const)('whose caller %s the connection end the call, reported once', async (_what, cut, code, status) => {
    await using server = await served()
    using connection = await server.connect()

    connection.send(`${head('/any', 'Content-Length: 100')}{"a"`)
    setTimeout(() => connection.socket[cut](), 20)

    await server.settled()
    await until(() => server.errors.length > 0, 'a report')
    expect(server.errors).toMatchObject([{ code, status }])
    expect(server.outcomes).toEqual([status])
  })

  it('of which the caller is gone before anybody reads end the call at once', async () => {
    await using server = await served({}, async ({ request }) => {
      await new Promise((resolve) => request.socket.once('close', resolve))
    })
    using connection = await server.connect()

    connection.send(`${head('/any', 'Content-Length: 100')}{"a"`)
    setTimeout(() => connection.socket.resetAndDestroy(), 20)

    await server.settled()
    await until(() => server.errors.length > 0, 'a report')
    expect(server.errors).toMatchObject([{ code: 'REQUEST_ABORTED' }])
    expect(server.outcomes).toEqual([499])
  })

  it('end where Content-Length says, and what follows is the next request', async () => {
    await using server = await served()
    using connection = await server.connect()

    connection.send(
      `${head('/any', 'Content-Length: 7')}{"a":1}${head('/any', 'Content-Length: 7', 'Connection: close')}{"a":2}`,
    )

    const answer = await connection.untilClosed()
    expect(answer).toContain('{"body":{"a":1}}')
    expect(answer).toContain('{"body":{"a":2}}')
  })

  it('keep the connection open after a refusal that was read to its end', async () => {
    await using server = await served()
    using connection = await server.connect()

    connection.send(`${head('/any', 'Content-Length: 2')}{x`)
    await server.settled()
    connection.send(`${head('/any', 'Content-Length: 7', 'Connection: close')}{"a":2}`)

    const answer = await connection.untilClosed()
    expect(answer).toMatch(/^HTTP\/1\.1 400 /)
    expect(answer).toContain('{"body":{"a":2}}')
  })

  it('are optional where no DTO is declared', async () => {
    await using server = await served()

    expect(await (await server.fetch('/any', { method: 'POST' })).json()).toEqual({})
    expect(await (await server.fetch('/raw', { method: 'POST' })).json()).toEqual({ length: 0 })
    using connection = await server.connect()
    connection.send(`${head('/any', 'Transfer-Encoding: chunked', 'Connection: close')}0\r\n\r\n`)
    expect(await connection.untilClosed()).toMatch(/^HTTP\/1\.1 201 /)
  })

  it('that a middleware has parsed are taken from it', async () => {
    await using server = await served({}, ({ request }) => {
      Object.assign(request, { body: { from: 'middleware' } })
    })

    expect(await (await post(server, '/any', '{}', json)).json()).toEqual({ body: { from: 'middleware' } })
    expect(await (await post(server, '/both', '{}', json)).json()).toMatchObject({ code: 'REQUEST_BODY_CONSUMED' })
  })

  it('that a middleware has read and dropped are an error that says so', async () => {
    await using server = await served({}, async ({ request }) => {
      for await (const _chunk of request);
    })

    expect(await (await post(server, '/any', '{}', json)).json()).toMatchObject({
      status: 500,
      code: 'REQUEST_BODY_CONSUMED',
    })
  })
})
