import { createReadStream } from 'node:fs'
import { Readable } from 'node:stream'

import { Expose } from 'class-transformer'

import { Ctx, Get, HttpCode, Returns, SetHeader, Sse } from '../../../decorators/index.ts'
import type { HttpContext } from '../../../src/http/http-context.ts'
import { printEvent } from '../../../src/http/sse-stream.ts'
import { serve, until } from './serve-controller.ts'

const opened: Readable[] = []
const ended: string[] = []
let produced = 0

const remember = (stream: Readable): Readable => {
  opened.push(stream)
  return stream
}

/** Gives as much as is asked for, and counts. */
const endless = (): Readable =>
  remember(
    new Readable({
      read() {
        produced += 65_536
        this.push(Buffer.alloc(65_536))
      },
    }),
  )

class Tick {
  @Expose()
  n!: number
}

class Streams {
  @Get('/whole') whole() {
    return remember(Readable.from([Buffer.from('one '), Buffer.from('two')]))
  }
  @Get('/empty') empty() {
    return remember(Readable.from([]))
  }
  @Get('/typed') @SetHeader('Content-Type', 'text/plain') @HttpCode(206) typed() {
    return Readable.from([Buffer.from('x')])
  }
  @Get('/web') web() {
    return new Blob(['from the web']).stream()
  }
  @Get('/missing') missing() {
    return remember(createReadStream('/no/such/file'))
  }
  @Get('/endless') endless() {
    return endless()
  }
  @Get('/no-content') @HttpCode(204) noContent() {
    return endless()
  }

  @Get('/breaking') breaking() {
    return remember(
      Readable.from(
        (async function* () {
          yield Buffer.from('begun')
          await new Promise((resolve) => setTimeout(resolve, 20))
          throw new Error('disk on fire')
        })(),
      ),
    )
  }

  @Sse('/events') async *events() {
    try {
      yield 'plain'
      yield { n: 1 }
      yield { data: 'two\nlines', event: 'note', id: '7', retry: 1000 }
    } finally {
      ended.push('events')
    }
  }

  @Sse('/ticks') async *ticks(@Ctx() context: HttpContext) {
    try {
      for (let n = 0; ; n += 1) {
        yield { n, padding: 'x'.repeat(10_000) }
        produced = n
        await new Promise((resolve) => setImmediate(resolve))
      }
    } finally {
      ended.push(`ticks ${context.signal.aborted}`)
    }
  }

  @Sse('/quiet') async *quiet(@Ctx() context: HttpContext) {
    yield 'first'
    await new Promise((resolve) => context.signal.addEventListener('abort', resolve))
  }

  @Sse('/failing') async *failing() {
    yield 'first'
    throw new Error('no more')
  }

  @Sse('/invalid') async *invalid() {
    yield { data: 1, id: 'a\nb' }
  }

  @Sse('/shaped') @Returns(Tick) async *shaped() {
    yield { n: 1, secret: 'x' }
    yield { data: { n: 2, secret: 'x' }, id: '2' }
  }

  @Sse('/none') none() {
    return { not: 'iterable' }
  }
}

beforeEach(() => {
  opened.length = 0
  ended.length = 0
  produced = 0
})

describe('A stream as an answer', () => {
  it.each([
    ['/whole', 200, 'application/octet-stream', 'one two'],
    ['/empty', 200, 'application/octet-stream', ''],
    ['/typed', 206, 'text/plain', 'x'],
    ['/web', 200, 'application/octet-stream', 'from the web'],
  ])('%s arrives whole', async (path, status, type, body) => {
    await using server = await serve(Streams)

    const response = await server.fetch(path)

    expect(response.status).toBe(status)
    expect(response.headers.get('content-type')).toBe(type)
    expect(await response.text()).toBe(body)
    expect(server.errors).toEqual([])
  })

  it('becomes a problem when it fails before its first byte', async () => {
    await using server = await serve(Streams)

    const response = await server.fetch('/missing')

    expect(response.status).toBe(500)
    expect(await response.text()).toContain('no such file')
    expect(server.errors).toHaveLength(1)
  })

  it('breaks the connection when it fails later, and is reported once', async () => {
    await using server = await serve(Streams)

    const response = await server.fetch('/breaking')

    expect(response.status).toBe(200)
    await expect(response.text()).rejects.toThrow('terminated')
    await server.settled()
    expect(server.errors).toMatchObject([{ message: 'disk on fire' }])
    expect(server.outcomes).toEqual([500])
  })

  it('waits for a caller that does not read, and ends when it goes', async () => {
    await using server = await serve(Streams)
    using connection = await server.connect()
    connection.socket.pause()

    connection.send('GET /endless HTTP/1.1\r\nHost: x\r\n\r\n')
    let before = -1
    while (before !== produced || produced === 0) {
      before = produced
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    expect(produced).toBeLessThan(30_000_000)
    connection.socket.destroy()

    await server.settled()
    await until(() => opened[0]!.destroyed, 'the stream to be destroyed')
    expect(server.errors).toEqual([])
  })

  it.each([
    ['HEAD', '/endless', 200],
    ['GET', '/no-content', 204],
  ])('is not read for %s %s', async (method, path, status) => {
    await using server = await serve(Streams)

    const response = await server.fetch(path, { method })

    expect(response.status).toBe(status)
    expect(await response.text()).toBe('')
    expect(opened[0]!.destroyed).toBe(true)
    expect(produced).toBe(0)
  })
})

describe('An event stream', () => {
  it('has the form of server-sent events', async () => {
    await using server = await serve(Streams)

    const response = await server.fetch('/events')

    expect(response.headers.get('content-type')).toBe('text/event-stream')
    expect(response.headers.get('cache-control')).toBe('no-cache, no-transform')
    expect(await response.text()).toBe(
      'data: plain\n\n' + 'data: {"n":1}\n\n' + 'event: note\nid: 7\nretry: 1000\ndata: two\ndata: lines\n\n',
    )
    expect(ended).toEqual(['events'])
  })

  it('waits for a caller that does not read, and is ended when it goes', async () => {
    await using server = await serve(Streams)
    using connection = await server.connect()
    connection.socket.pause()

    connection.send('GET /ticks HTTP/1.1\r\nHost: x\r\n\r\n')
    let before = -1
    while (before !== produced || produced === 0) {
      before = produced
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    connection.socket.destroy()

    await until(() => ended.length > 0, 'the iteration to end')
    expect(ended).toEqual(['ticks true'])
    expect(server.errors).toEqual([])
  })

  it('is kept alive by comments while nothing happens', async () => {
    await using server = await serve(Streams, { config: { sseHeartbeatMs: 10 } })
    using connection = await server.connect()

    connection.send('GET /quiet HTTP/1.1\r\nHost: x\r\n\r\n')

    await until(() => (connection.received.match(/:\n\n/g)?.length ?? 0) >= 2, 'two heartbeats')
    expect(connection.received).toContain('data: first\n\n')
  })

  it('ends when the call is aborted', async () => {
    let context: HttpContext | undefined
    await using server = await serve(Streams, { before: (each) => void (context = each) })

    const response = await server.fetch('/quiet')
    context!.abort(new Error('shutting down'))

    expect(await response.text()).toBe('data: first\n\n')
  })

  it.each([
    ['/failing', 'no more'],
    ['/invalid', 'Streams.invalid sent an event whose id is not valid.'],
  ])('%s breaks the connection and is reported once', async (path, message) => {
    await using server = await serve(Streams)

    await expect(server.fetch(path).then((response) => response.text())).rejects.toThrow(/terminated|fetch failed/)

    await server.settled()
    expect(server.errors).toMatchObject([{ message }])
  })

  it('reduces every event to the declared model', async () => {
    await using server = await serve(Streams)

    expect(await (await server.fetch('/shaped')).text()).toBe('data: {"n":1}\n\nid: 2\ndata: {"n":2}\n\n')
  })

  it('answers HEAD without an event', async () => {
    await using server = await serve(Streams)

    const response = await server.fetch('/ticks', { method: 'HEAD' })

    expect(response.headers.get('content-type')).toBe('text/event-stream')
    expect(await response.text()).toBe('')
    expect(produced).toBe(0)
  })

  it('needs something to iterate, and a caller that takes it', async () => {
    await using server = await serve(Streams)

    expect(await (await server.fetch('/none')).json()).toMatchObject({ status: 500, code: 'RESPONSE_EVENTS_MISSING' })
    expect((await server.fetch('/events', { headers: { accept: 'application/json' } })).status).toBe(406)
  })

  it.each([
    [{ data: 1, event: 'a\rb' }, 'name'],
    [{ data: 1, id: 'a\0' }, 'id'],
    [{ data: 1, retry: 1.5 }, 'retry'],
  ])('refuses %j, which would break the format', (event, member) => {
    expect(() => printEvent(event, 'A.b')).toThrow(`A.b sent an event whose ${member} is not valid.`)
  })

  it('takes an object with further members as data', () => {
    expect(printEvent({ data: 1, more: 2 }, 'A.b')).toBe('data: {"data":1,"more":2}\n\n')
    expect(printEvent('a\r\nb\rc', 'A.b')).toBe('data: a\ndata: b\ndata: c\n\n')
  })
})
