/** What a call sends by `node:http`, `node:https` and `fetch`, to servers that note what arrives. */
import { propagation, ROOT_CONTEXT, trace, TraceFlags, context as contextApi } from '@opentelemetry/api'
import { once } from 'node:events'
import { createServer, get, type IncomingHttpHeaders, type RequestListener } from 'node:http'
import { get as getSecurely } from 'node:https'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

import { Controller, Get, Module, Param, Public } from 'tenon'
import { ObservabilityModule } from 'tenon/observability'
import { testApp, type TestApp } from 'tenon/testing'

import { CLIENT, Collector } from '../collector.ts'

/** Answers by its path, and notes the headers that came. */
class Peer implements AsyncDisposable {
  readonly heard: IncomingHttpHeaders[] = []
  readonly #server = createServer(this.#answer())

  async port(): Promise<number> {
    if (!this.#server.listening) await once(this.#server.listen(0, '127.0.0.1'), 'listening')
    return (this.#server.address() as AddressInfo).port
  }

  #answer(): RequestListener {
    return (request, response) => {
      this.heard.push(request.headers)
      if (request.url === '/teapot') return void response.writeHead(418).end('short and stout')
      if (request.url === '/hang-up') return void request.socket.destroy()
      if (request.url !== '/half') return void response.end('tea')
      response.writeHead(200, { 'content-length': '100' }).write('only the beginning')
      setImmediate(() => request.socket.destroy())
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections()
    this.#server.close()
  }
}

function read(url: string, options: object = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    get(url, options, (response) => void text(response).then(resolve, reject)).on('error', reject)
  })
}

const SENT: Readonly<Record<string, (port: number) => Promise<unknown>>> = {
  http: (port) => read(`http://127.0.0.1:${port}/tea?token=hunter2`),
  fetch: async (port) => (await fetch(`http://127.0.0.1:${port}/tea`)).text(),
  teapot: (port) => read(`http://127.0.0.1:${port}/teapot`),
  'hang-up': (port) => read(`http://127.0.0.1:${port}/hang-up`),
  half: (port) => read(`http://127.0.0.1:${port}/half`),
  'own-context': (port) => read(`http://127.0.0.1:${port}/`, { headers: { traceparent: 'mine' } }),
  'header-list': (port) => read(`http://127.0.0.1:${port}/`, { headers: ['host', 'tea.example', 'x-own', '1'] }),
  secure: (port) =>
    new Promise((_resolve, reject) => void getSecurely(`https://127.0.0.1:${port}/`).on('error', reject)),
  baggage: async (port) => {
    const baggage = propagation.getBaggage(contextApi.active())
    await read(`http://127.0.0.1:${port}/`)
    return baggage?.getAllEntries()
  },
  nothing: (port) => contextApi.with(ROOT_CONTEXT, () => read(`http://127.0.0.1:${port}/`)),
}

@Controller('/send')
@Public('An example.')
class SendController {
  @Get('/:what/:port')
  async send(@Param('what') what: string, @Param('port') port: number): Promise<object> {
    return SENT[what]!(port).then(
      (answer) => ({ answer }),
      (error: NodeJS.ErrnoException) => ({ failed: error.code }),
    )
  }
}

@Module({ imports: [ObservabilityModule], controllers: [SendController] })
class SendModule {}

function boot(variables: Readonly<Record<string, string>> = {}): Promise<TestApp> {
  return testApp(SendModule).env(variables).boot()
}

const CALLER = { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01', tracestate: 'vendor=7' }

describe('Requests that a call sends', () => {
  it('by node:http have one span each, with its context on their headers', async () => {
    await using peer = new Peer()
    await using collector = new Collector()
    await using app = await boot(await collector.variables())
    const port = await peer.port()

    await app.request(`/send/http/${port}`, { headers: { tracestate: 'ignored', baggage: 'shop=7' } })

    await collector.from(app)
    const span = collector.one('GET')
    expect(span).toMatchObject({
      kind: CLIENT,
      status: { code: 0 },
      attributes: {
        'http.request.method': 'GET',
        'http.response.status_code': 200,
        'server.address': '127.0.0.1',
        'server.port': port,
        'url.full': `http://127.0.0.1:${port}/tea`,
      },
    })
    expect(collector.pathOf(span)).toEqual(['GET /send/:what/:port', 'SendController.send', 'GET'])
    expect(peer.heard).toMatchObject([{ traceparent: `00-${span.traceId}-${span.spanId}-01`, baggage: 'shop=7' }])
    expect(JSON.stringify(collector.spans)).not.toContain('hunter2')
  })

  it('by fetch have one span each, and none of node:http besides', async () => {
    await using peer = new Peer()
    await using collector = new Collector()
    await using app = await boot(await collector.variables())

    await app.request(`/send/fetch/${await peer.port()}`)

    await collector.from(app)
    const span = collector.one('GET')
    expect(peer.heard).toMatchObject([{ traceparent: `00-${span.traceId}-${span.spanId}-01` }])
  })

  it.each([
    ['teapot', { 'http.response.status_code': 418, 'error.type': '418' }],
    ['hang-up', { 'error.type': 'ECONNRESET' }],
    ['half', { 'http.response.status_code': 200, 'error.type': 'ECONNRESET' }],
    ['secure', { 'error.type': expect.stringMatching(/^(EPROTO|ERR_SSL_)/), 'server.port': expect.any(Number) }],
  ])('tell how they failed: %s', async (what, attributes) => {
    await using peer = new Peer()
    await using collector = new Collector()
    await using app = await boot(await collector.variables())

    await app.request(`/send/${what}/${await peer.port()}`)

    await collector.from(app)
    expect(collector.one('GET')).toMatchObject({ status: { code: 2 }, attributes })
  })

  it('keep the context that the application says itself', async () => {
    await using peer = new Peer()
    await using app = await boot({ TENON_ENV: 'development' })

    await app.request(`/send/own-context/${await peer.port()}`)

    expect(peer.heard).toMatchObject([{ traceparent: 'mine' }])
  })

  it('go out as they are where Node has written their head already, and have a span', async () => {
    await using peer = new Peer()
    await using collector = new Collector()
    await using app = await boot(await collector.variables())

    const answer = await app.request(`/send/header-list/${await peer.port()}`)

    expect(await answer.json()).toEqual({ answer: 'tea' })
    await collector.from(app)
    expect(collector.one('GET').attributes).toMatchObject({ 'http.response.status_code': 200 })
    expect(peer.heard).toMatchObject([{ 'x-own': '1' }])
  })

  it('carry trace and baggage of a call that is not sampled, and say that it is not', async () => {
    await using peer = new Peer()
    await using collector = new Collector()
    await using app = await boot({ ...(await collector.variables()), OTEL_TRACES_SAMPLER_ARG: '0' })
    const port = await peer.port()

    await app.request(`/send/http/${port}`, { headers: { 'x-request-id': '01890000-0000-7000-a000-00000000000a' } })
    const entered = await app.request(`/send/baggage/${port}`, {
      headers: { ...CALLER, traceparent: CALLER.traceparent.replace(/1$/, '0'), baggage: 'shop=7' },
    })
    await app.request(`/send/nothing/${port}`)

    expect(await entered.json()).toMatchObject({ answer: [['shop', { value: '7' }]] })
    const [own, followed, none] = peer.heard
    expect(own!['traceparent']).toMatch(/^00-0189000000007000a00000000000000a-[0-9a-f]{16}-00$/)
    expect(followed).toMatchObject({
      traceparent: expect.stringMatching(/^00-0af7651916cd43dd8448eb211c80319c-(?!b7ad)[0-9a-f]{16}-00$/),
      tracestate: 'vendor=7',
      baggage: 'shop=7',
    })
    expect(none).not.toHaveProperty('traceparent')
    expect(await collector.from(app)).toEqual([])
  })

  it('carry nothing of strangers where callers are not followed', async () => {
    await using peer = new Peer()
    await using collector = new Collector()
    const variables = { OTEL_TRACES_SAMPLER_ARG: '0', TRACE_FOLLOW_CALLERS: 'false' }
    await using app = await boot({ ...(await collector.variables()), ...variables })

    await app.request(`/send/baggage/${await peer.port()}`, { headers: { ...CALLER, baggage: 'shop=7' } })

    expect(peer.heard[0]!['traceparent']).not.toContain('0af7651916cd43dd8448eb211c80319c')
    expect(peer.heard[0]).not.toHaveProperty('baggage')
  })

  it('hand on what the caller said where there is no tracing, and say nothing by themselves', async () => {
    await using peer = new Peer()
    await using app = await boot()
    const port = await peer.port()

    await app.request(`/send/http/${port}`, { headers: CALLER })
    await app.request(`/send/fetch/${port}`, { headers: CALLER })
    await app.request(`/send/http/${port}`)

    expect(peer.heard).toMatchObject([CALLER, CALLER, {}])
    expect(peer.heard[2]).not.toHaveProperty('traceparent')
  })

  it('outside of calls are left alone', async () => {
    await using peer = new Peer()
    await using collector = new Collector()
    await using app = await boot(await collector.variables())
    const identity = {
      traceId: '0af7651916cd43dd8448eb211c80319c',
      spanId: 'b7ad6b7169203331',
      traceFlags: TraceFlags.NONE,
    }

    await SENT['http']!(await peer.port())
    await contextApi.with(trace.setSpanContext(ROOT_CONTEXT, identity), () =>
      read('http://127.0.0.1:1/').catch(() => ''),
    )

    expect(await collector.from(app)).toEqual([])
    expect(peer.heard[0]).not.toHaveProperty('traceparent')
  })
})
