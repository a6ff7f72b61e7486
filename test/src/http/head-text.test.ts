import { connect } from 'node:net'

import { Controller, Get, HttpCode, Interceptor, Module, Post, Req, SetHeader } from '../../../decorators/index.ts'
import type { Request, Response } from '../../../src/http/express-types.ts'
import { understandsNode } from '../../../src/http/head-text.ts'
import type { Contribution, EndpointInterceptor } from '../../../src/pipeline/interceptor.ts'
import { testApp } from '../../../src/testing/index.ts'
import { RawConnection, until } from './serve-controller.ts'

@Interceptor({ phase: 'protect' })
class Secured implements EndpointInterceptor {
  forEndpoint(): Contribution {
    return { headers: { 'X-Frame-Options': 'DENY', Vary: 'Origin' } }
  }
}

@Controller('/')
class Answers {
  readonly requests: Request[] = []

  @Get('/object')
  object(): object {
    return { a: 1 }
  }

  @Get('/far')
  far(): object {
    return { greeting: 'Grüße, 世界' }
  }

  @Get('/text')
  text(): string {
    return 'plain'
  }

  @Get('/bytes')
  bytes(): Buffer {
    return Buffer.from([0, 255, 128])
  }

  @HttpCode(203)
  @SetHeader('X-Own', 'yes')
  @SetHeader('Content-Type', 'application/vnd.sample+json')
  @Get('/declared')
  declared(): object {
    return { a: 1 }
  }

  @SetHeader('Vary', 'Accept')
  @Get('/vary')
  vary(): object {
    return {}
  }

  @SetHeader('X-Name', 'Zoë')
  @Get('/name')
  name(): object {
    return {}
  }

  @SetHeader('Date', 'Mon, 01 Jan 2001 00:00:00 GMT')
  @Get('/dated')
  dated(): object {
    return {}
  }

  @Post('/made')
  made(): object {
    return { id: 7 }
  }

  @Get('/status')
  status(@Req() request: Request): object {
    request.res!.statusMessage = 'Fine'
    return {}
  }

  @Get('/set')
  set(@Req() request: Request): object {
    request.res!.setHeader('X-Set', '1')
    return {}
  }

  @Get('/several')
  several(@Req() request: Request): object {
    request.res!.setHeader('Set-Cookie', ['a=1', 'b=2'])
    return {}
  }

  @Get('/set-twice')
  setTwice(@Req() request: Request): object {
    request.res!.setHeader('x-frame-options', 'SAMEORIGIN').setHeader('Vary', 'Accept')
    return {}
  }

  @Get('/set-type')
  setType(@Req() request: Request): object {
    request.res!.setHeader('Content-Type', 'application/vnd.set+json').setHeader('ETag', '"own"')
    return {}
  }

  @Get('/set-far')
  setFar(@Req() request: Request): object {
    request.res!.setHeader('X-Name', 'Zoë').setHeader('X-Count', 7)
    return {}
  }

  @Get('/later')
  async later(@Req() request: Request): Promise<object> {
    await new Promise(setImmediate)
    const chunks: unknown[] = []
    for await (const chunk of request) chunks.push(chunk)
    return { chunks, ended: request.readableEnded }
  }

  @Get('/unread')
  unread(@Req() request: Request): object {
    this.requests.push(request)
    return {}
  }
}

@Module({ controllers: [Answers], interceptors: [Secured] })
class App {}

/** Hands on what it is given, so that Node itself writes the head. */
function byNode(_request: Request, response: Response, next: () => void): void {
  const write = response.writeHead.bind(response)
  response.writeHead = ((...given: Parameters<typeof write>) => write(...given)) as typeof write
  next()
}

const PATHS = [
  '/object',
  '/far',
  '/text',
  '/bytes',
  '/declared',
  '/vary',
  '/name',
  '/dated',
  '/status',
  '/set',
  '/several',
  '/set-twice',
  '/set-type',
  '/set-far',
  '/nothing',
] as const

/** Status lines, headers and bodies as they came, with what changes from call to call taken out. */
async function exchange(url: string, requests: readonly string[]): Promise<string> {
  using connection = new RawConnection(connect(Number(new URL(url).port), '127.0.0.1'))
  connection.send(requests.join(''))
  const received = await connection.untilClosed()
  return received
    .replaceAll(/^Date: \w{3}, \d\d \w{3} (?!2001)\d{4} [\d:]{8} GMT\r$/gm, 'Date: now\r')
    .replaceAll(/\d+-\d+Z/g, '')
}

function request(line: string, ...headers: readonly string[]): string {
  return [`${line}`, 'Host: a', 'X-Request-Id: r1', ...headers, '', ''].join('\r\n')
}

describe('a head put together as text', () => {
  it('is understood on this Node, so that it is not the usual way that the following compares with itself', () => {
    expect(understandsNode()).toBe(true)
  })

  it.each([
    ['keep-alive', 'false', (path: string) => request(`GET ${path} HTTP/1.1`)],
    ['ETag', 'true', (path: string) => request(`GET ${path} HTTP/1.1`)],
    ['HEAD', 'true', (path: string) => request(`HEAD ${path} HTTP/1.1`)],
    ['close', 'false', (path: string) => request(`GET ${path} HTTP/1.1`, 'Connection: close')],
    ['HTTP/1.0', 'false', (path: string) => request(`GET ${path} HTTP/1.0`)],
    ['HTTP/1.0 that stays', 'false', (path: string) => request(`GET ${path} HTTP/1.0`, 'Connection: keep-alive')],
    ['expectation', 'false', (path: string) => request(`GET ${path} HTTP/1.1`, 'Expect: 100-continue')],
    ['conditional', 'true', (path: string) => request(`GET ${path} HTTP/1.1`, 'If-None-Match: W/"7-x"')],
  ])('is what node:http writes: %s', async (_name, etag, requestFor) => {
    await using app = await testApp(App).env({ HTTP_ETAG: etag }).boot()
    await using usual = await testApp(App).env({ HTTP_ETAG: etag }).use(byNode).boot()
    const last = request('POST /made HTTP/1.1', 'Content-Length: 0', 'Connection: close')

    for (const path of PATHS) {
      const requests = [requestFor(path), last]

      const answers = await exchange(await app.url(), requests)

      expect(answers).toBe(await exchange(await usual.url(), requests))
      expect(answers).toMatch(/^HTTP\/1.1 [24]\d\d .*\r\n(.+\r\n)+x-request-id: r1\r\n/)
    }
  })
})

describe('what stands in a head', () => {
  it('is found on the response afterwards, as Node does it once a header was set', async () => {
    const seen: unknown[] = []
    await using app = await testApp(App)
      .use((_request: Request, response: Response, next: () => void) => {
        response.setHeader('X-Set', '1')
        response.on('finish', () =>
          seen.push(['content-type', 'content-length', 'x-set'].map((name) => response.getHeader(name))),
        )
        next()
      })
      .boot()

    await (await app.request('/object')).text()

    expect(seen).toEqual([['application/json; charset=utf-8', '7', '1']])
  })
})

describe('a request without a body', () => {
  it('is found at its end by who reads it later', async () => {
    await using app = await testApp(App).boot()

    for (let round = 0; round < 3; round += 1) {
      await expect((await app.request('/later')).json()).resolves.toEqual({ chunks: [], ended: true })
    }
  })

  it('has ended when nobody reads it, and destroying it leaves the connection to the next', async () => {
    await using app = await testApp(App).boot()
    const { requests } = app.get(Answers)
    using connection = new RawConnection(connect(Number(new URL(await app.url()).port), '127.0.0.1'))

    connection.send(request('GET /unread HTTP/1.1'))
    await until(() => connection.received.endsWith('{}'), 'the first answer')
    const [first] = requests
    expect(first).toMatchObject({ complete: true, readableEnded: true, aborted: false })
    first!.destroy()
    connection.send(request('GET /object HTTP/1.1', 'Connection: close'))

    expect(await connection.untilClosed()).toMatch(/\{\}HTTP\/1\.1 200 OK\r\n[^]*\{"a":1\}$/)
  })
})
