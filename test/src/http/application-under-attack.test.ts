/** Bad input against a whole application over real sockets: an answer each, one line in the log, nothing told, still there. */
import { connect } from 'node:net'

import { IsString } from 'class-validator'

import { Body, Controller, Get, Module, Param, Post, Query, Req, Res } from '../../../decorators/index.ts'
import { file } from '../../../src/http/file-response.ts'
import { redirect } from '../../../src/http/redirect-response.ts'
import { testApp, type TestApp } from '../../../src/testing/test-app.ts'
import { until } from './serve.ts'

const SECRET = 'secret-of-the-house'

class NoteInput {
  @IsString()
  text!: string
}

@Controller('/notes')
class NotesController {
  @Post('/')
  add(@Body() input: NoteInput): string {
    return input.text
  }

  @Get('/by-id/:id')
  byId(@Param('id') id: number): number {
    return id
  }

  @Get('/go')
  go(@Query('to') to: string): unknown {
    return redirect(to)
  }

  @Get('/files/*')
  download(@Param('*') path: string): unknown {
    return file(path, { root: import.meta.dirname })
  }

  @Get('/undefined')
  throwUndefined(): never {
    throw undefined
  }

  @Get('/error')
  async fail(): Promise<never> {
    throw await Promise.resolve(new Error(SECRET))
  }

  @Get('/never')
  never(): Promise<never> {
    return new Promise(() => undefined)
  }

  @Get('/begun')
  async begin(@Res() response: { write(text: string): void }): Promise<never> {
    response.write('some')
    await new Promise((resolve) => setImmediate(resolve))
    throw new Error(SECRET)
  }

  @Get('/express')
  express(@Req() request: { get(name: string): string | undefined }): unknown {
    return { host: request.get('Host') }
  }
}

@Module({ controllers: [NotesController] })
class NotesModule {}

const boot = (env: Readonly<Record<string, string>> = {}): Promise<TestApp> =>
  testApp(NotesModule)
    .env({ HTTP_HANDLER_TIMEOUT_MS: '300', HTTP_MAX_BODY_BYTES: '1000', HTTP_MAX_BODY_DEPTH: '20', ...env })
    .boot()

async function exchange(app: TestApp, bytes: string): Promise<string> {
  const { port } = new URL(await app.url())
  const socket = connect(Number(port), '127.0.0.1').setEncoding('latin1')
  let received = ''
  let isClosed = false
  socket.on('data', (text: string) => (received += text))
  socket.on('close', () => (isClosed = true))
  socket.on('error', () => undefined)
  socket.write(bytes, 'latin1')
  await until(
    () => isClosed,
    () => `the end of the connection after ${received}`,
  )
  return received
}

const get = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`

const post = (body: string, type = 'application/json', length = body.length): string =>
  `POST /notes HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: ${type}\r\nContent-Length: ${length}\r\n\r\n${body}`

/** What is sent, the status, and the level it is logged at besides the access log. */
const TABLE: readonly (readonly [string, string, number, 'debug' | 'error'])[] = [
  ['malformed JSON', post('{"text":'), 400, 'debug'],
  ['no JSON at all', post('text=1'), 400, 'debug'],
  ['another content type', post('<a/>', 'application/xml'), 415, 'debug'],
  ['a body over the limit', post(`{"text":"${'x'.repeat(2000)}"}`), 413, 'debug'],
  ['a duplicate key', post('{"text":"a","text":"b"}'), 400, 'debug'],
  ['__proto__', post('{"text":"a","__proto__":{"isAdmin":true}}'), 400, 'debug'],
  ['deep nesting', post(`{"text":${'['.repeat(100)}${']'.repeat(100)}}`), 400, 'debug'],
  ['invalid UTF-8', post('{"text":"\xff"}'), 400, 'debug'],
  ['a field too many', post('{"text":"a","isAdmin":true}'), 400, 'debug'],
  ['a parameter that is no number', get('/notes/by-id/seven'), 400, 'debug'],
  ['an over-long URL', get(`/notes/${'x'.repeat(9000)}`), 414, 'debug'],
  ['invalid percent-encoding', get('/notes/by-id/%zz'), 400, 'debug'],
  ['path traversal', get('/notes/files/..%2f..%2f..%2fpackage.json'), 404, 'debug'],
  ['path traversal with NUL', get('/notes/files/a%00b'), 404, 'debug'],
  ['header injection in a redirect', get('/notes/go?to=%2Fa%0d%0aSet-Cookie:%20a=b'), 400, 'debug'],
  ['a handler that throws undefined', get('/notes/undefined'), 500, 'error'],
  ['a handler that rejects', get('/notes/error'), 500, 'error'],
  ['a handler that never answers', get('/notes/never'), 503, 'error'],
  ['no HTTP at all', 'hello\r\n\r\n', 400, 'debug'],
  ['a head that is too large', `GET / HTTP/1.1\r\nHost: x\r\nA: ${'x'.repeat(20_000)}\r\n\r\n`, 431, 'debug'],
  [
    'length and chunks at once',
    'POST /notes HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    400,
    'debug',
  ],
]

describe('an application', () => {
  it.each(TABLE)('answers %s', async (_what, bytes, status, level) => {
    await using app = await boot()

    const answer = await exchange(app, bytes)
    await until(
      () => noted(app).length > 0,
      () => `a line about ${answer}`,
    )

    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
    expect(answer).toMatch(/content-type: application\/problem\+json/i)
    expect(answer).not.toMatch(/secret-of-the-house|set-cookie|\.[jt]s:\d/i)
    expect(noted(app).map((line) => line.level)).toEqual([level])
    expect((await app.request('/notes/by-id/7')).status).toBe(200)
  })

  it('cuts an answer that fails after it began', async () => {
    await using app = await boot()

    const answer = await exchange(app, get('/notes/begun'))

    expect(answer).toContain('some')
    expect(answer).not.toMatch(/\r\n0\r\n\r\n$|secret/)
    expect(noted(app).map((line) => line.level)).toEqual(['error'])
  })

  it('gives a body that ends too early a clean end', async () => {
    await using app = await boot({ HTTP_BODY_TIMEOUT_MS: '60' })

    expect(await exchange(app, post('{"te', 'application/json', 100))).toMatch(/^HTTP\/1\.1 408 /)
    expect(noted(app).map((line) => line.level)).toEqual(['debug'])
  })

  it('ends heads that come too slowly', async () => {
    await using app = await boot({ HTTP_HEADERS_TIMEOUT_MS: '60' })

    expect(await exchange(app, 'GET /notes HTTP/1.1\r\nHost: x\r\n')).toMatch(/^HTTP\/1\.1 408 /)
    expect(noted(app).map((line) => line.level)).toEqual(['debug'])
  })

  it('gives handlers Express objects, and runs what is mounted', async () => {
    const seen: string[] = []
    await using app = await testApp(NotesModule)
      .use('/notes', (request: { originalUrl: string }, _response: unknown, next: () => void) => {
        seen.push(request.originalUrl)
        next()
      })
      .boot()

    const response = await app.request('/notes/express')
    await app.request('/elsewhere')

    expect(await response.json()).toEqual({ host: expect.stringContaining('127.0.0.1') })
    expect(seen).toEqual(['/notes/express'])
  })
})

/** Lines about failures: all but the access log's and the one that says where the server listens. */
function noted(app: TestApp): TestApp['logs']['lines'] {
  return app.logs.lines.filter(({ level, message }) => level !== 'info' && !message.startsWith('Endpoints run as'))
}
