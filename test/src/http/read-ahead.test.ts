/**
 * A body may be read between two parts of a pipeline instead of inside of it: callers must not be able to tell. The same bytes
 * go to three applications, and the one whose interceptor encloses everything cannot read ahead.
 */
import { connect } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'

import { IsString } from 'class-validator'

import { Body, Controller, Interceptor, Module, Post, Use } from '../../../decorators/index.ts'
import { UnauthorizedException } from '../../../src/errors/http-exceptions.ts'
import { ctx, type CallContext } from '../../../src/pipeline/context.ts'
import type { Contribution, EndpointInterceptor, Around } from '../../../src/pipeline/interceptor.ts'
import { testApp, type TestApp } from '../../../src/testing/test-app.ts'

class NoteInput {
  @IsString()
  text!: string
}

function admit(context: CallContext): void {
  if (context.header('x-key') === 'wrong') throw new UnauthorizedException()
}

@Interceptor({ phase: 'authenticate' })
class AtOnce implements EndpointInterceptor {
  forEndpoint(): Contribution {
    return { before: admit }
  }
}

@Interceptor({ phase: 'authenticate' })
class Later implements EndpointInterceptor {
  forEndpoint(): Contribution {
    return {
      before: async (context) => {
        await wait(5)
        admit(context)
      },
    }
  }
}

@Interceptor({ phase: 'observe' })
class Enclosing implements EndpointInterceptor {
  forEndpoint(): Around {
    return (_context, next) => next()
  }
}

let handled: string[] = []

class Notes {
  @Post('/')
  async add(@Body() { text }: NoteInput): Promise<object> {
    const { id } = ctx()
    handled.push(text)
    await wait(1)
    return { text, isSameCall: ctx().id === id }
  }
}

@Use(AtOnce)
@Controller('/notes')
class AtOnceController extends Notes {}

@Use(Later)
@Controller('/notes')
class LaterController extends Notes {}

@Use(Enclosing, AtOnce)
@Controller('/notes')
class EnclosedController extends Notes {}

@Module({ controllers: [AtOnceController] })
class AtOnceModule {}
@Module({ controllers: [LaterController] })
class LaterModule {}
@Module({ controllers: [EnclosedController] })
class EnclosedModule {}

const boot = (module: typeof AtOnceModule): Promise<TestApp> =>
  testApp(module).env({ HTTP_MAX_BODY_BYTES: '200', HTTP_BODY_TIMEOUT_MS: '200' }).boot()

/** What is sent, piece by piece; a number is a pause in milliseconds. */
type Pieces = readonly (string | Buffer | number)[]

interface Head {
  readonly headers?: Readonly<Record<string, string>>
  readonly length?: number
  readonly isLast?: boolean
}

function head({ headers = {}, length, isLast = true }: Head = {}): string {
  const all = {
    host: 'x',
    'content-type': 'application/json',
    ...(length !== undefined && { 'content-length': String(length) }),
    ...(isLast && { connection: 'close' }),
    ...headers,
  }
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`)
  return `POST /notes HTTP/1.1\r\n${lines.join('')}\r\n`
}

const BODY = '{"text":"one"}'
const whole = (body: string, more: Head = {}): string => head({ length: Buffer.byteLength(body), ...more }) + body
const chunk = (text: string): string => `${text.length.toString(16)}\r\n${text}\r\n`
const CHUNKED = { headers: { 'transfer-encoding': 'chunked' } }
const ZIPPED = gzipSync(BODY)

const CASES: Readonly<Record<string, Pieces>> = {
  'head and body at once': [whole(BODY)],
  'the body after its head': [head({ length: BODY.length }), 20, BODY],
  'the body in pieces': [head({ length: BODY.length }) + BODY.slice(0, 3), 10, BODY.slice(3, 9), 10, BODY.slice(9)],
  'the body in chunks': [head(CHUNKED) + chunk(BODY.slice(0, 5)), 10, `${chunk(BODY.slice(5))}0\r\n\r\n`],
  'two requests at once': [whole(BODY, { isLast: false }) + whole('{"text":"two"}')],
  'two requests, the second with its body later': [
    whole(BODY, { isLast: false }) + head({ length: BODY.length }),
    20,
    BODY,
  ],
  'no body': [head({ length: 0 })],
  'no body and no length': [head()],
  'what is not valid': [whole('{"text":1}')],
  'what is no JSON': [whole('{"text":')],
  'a key twice': [whole('{"text":"a","text":"b"}')],
  'too much, announced': [whole(`{"text":"${'x'.repeat(300)}"}`)],
  'too much in chunks': [head(CHUNKED) + chunk(`{"text":"${'x'.repeat(150)}`), 10, chunk('x'.repeat(100))],
  'a type that is not taken': [whole(BODY, { headers: { 'content-type': 'image/png' } })],
  'a form': [whole('text=one', { headers: { 'content-type': 'application/x-www-form-urlencoded' } })],
  'another charset': [whole(BODY, { headers: { 'content-type': 'application/json; charset=latin1' } })],
  'what is no UTF-8': [head({ length: 4 }), Buffer.from([0x22, 0xff, 0xfe, 0x22])],
  'a compressed body': [head({ length: ZIPPED.length, headers: { 'content-encoding': 'gzip' } }), ZIPPED],
  'a question before the body': [head({ length: BODY.length, headers: { expect: '100-continue' } }), 20, BODY],
  'a caller who may not': [whole(BODY, { headers: { 'x-key': 'wrong' } })],
  'a caller who may not, then one who may': [
    whole(BODY, { headers: { 'x-key': 'wrong' }, isLast: false }),
    20,
    whole(BODY),
  ],
  'a body that stops coming': [head({ length: BODY.length }) + BODY.slice(0, 4)],
}

async function exchange(app: TestApp, pieces: Pieces): Promise<string> {
  const { port } = new URL(await app.url())
  const socket = connect(Number(port), '127.0.0.1').setEncoding('utf8')
  const closed = Promise.withResolvers<void>()
  let received = ''
  socket.on('data', (text) => (received += String(text)))
  socket.on('close', () => closed.resolve()).on('error', () => closed.resolve())
  for (const piece of pieces) {
    if (typeof piece === 'number') await wait(piece)
    else socket.write(piece)
  }
  await closed.promise
  return received
    .replaceAll(/^HTTP\/1\.1 .*\r\n(?:.+\r\n)*/gm, inOrder)
    .replaceAll(/^(date|x-request-id): .*\r\n/gim, '')
    .replaceAll(/"(traceId|requestId|instance)":"[^"]*"/g, '"$1":""')
}

/** Headers mean the same in any order. */
function inOrder(head: string): string {
  const [status, ...lines] = head.split('\r\n')
  return [status, ...lines.toSorted()].join('\r\n')
}

describe('A body that is read before its turn', () => {
  const apps: TestApp[] = []
  beforeAll(async () => {
    for (const module of [EnclosedModule, AtOnceModule, LaterModule]) apps.push(await boot(module))
  })
  afterAll(async () => {
    for (const app of apps) await app.close()
  })

  it.each(Object.entries(CASES))('is answered as any other: %s', async (_name, pieces) => {
    const [expected, atOnce, later] = await Promise.all(apps.map((app) => exchange(app, pieces)))

    expect(expected).toMatch(/^HTTP\/1\.1 \d{3} /)
    expect(atOnce).toBe(expected)
    expect(later).toBe(expected)
  })

  it('belongs to its call, also after the handler has waited', async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        exchange(apps[1]!, [head({ length: 14 }), 5, `{"text":"${100 + index}"}`]),
      ),
    )

    expect(answers.filter((answer) => answer.includes('"isSameCall":true'))).toHaveLength(20)
  })

  it('of a caller who leaves is not handled', async () => {
    handled = []
    const app = apps[1]!
    const { port } = new URL(await app.url())
    const socket = connect(Number(port), '127.0.0.1')
    socket.write(head({ length: BODY.length }) + BODY.slice(0, 4))
    await wait(30)
    socket.destroy()
    await wait(30)

    expect(await exchange(app, [whole('{"text":"after"}')])).toContain('"text":"after"')
    expect(handled).toEqual(['after'])
  })
})
