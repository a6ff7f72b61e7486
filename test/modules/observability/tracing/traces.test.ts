import { Readable } from 'node:stream'

import { trace } from '@opentelemetry/api'

import { Controller, Get, Interceptor, Module, Public, type Contribution, type EndpointInterceptor } from 'tenon'
import { testApp, type TestApp } from 'tenon/testing'

import { CLIENT, Collector, SERVER } from '../collector.ts'
import { DeskModule, Notes } from '../desk.ts'

async function boot(collector: Collector, variables: Readonly<Record<string, string>> = {}): Promise<TestApp> {
  return testApp(DeskModule)
    .env({ ...(await collector.variables()), OTEL_SERVICE_NAME: 'desk', ...variables })
    .boot()
}

describe('Traces', () => {
  it('have a span for the endpoint, by the conventions for HTTP servers', async () => {
    await using collector = new Collector()
    await using app = await boot(collector)

    await app.request('/notes?password=hunter2', { headers: { 'user-agent': 'test/1' } })

    await collector.from(app)
    const span = collector.one('GET /notes')
    expect(span).toMatchObject({
      kind: SERVER,
      service: 'desk',
      status: { code: 0 },
      attributes: {
        'http.request.method': 'GET',
        'http.route': '/notes',
        'url.path': '/notes',
        'url.scheme': 'http',
        'http.response.status_code': 200,
        'code.function.name': 'NotesController.list',
        'user_agent.original': 'test/1',
      },
    })
    expect(span.parentSpanId).toBeUndefined()
    expect(JSON.stringify(collector.spans)).not.toContain('hunter2')
    expect(span.traceId).toBe(String(span.attributes['tenon.request_id']).replaceAll('-', ''))
  })

  it('have spans for interceptors, handler, methods and statements, each under the one that caused it', async () => {
    await using collector = new Collector()
    await using app = await boot(collector)

    await app.request('/notes')

    await collector.from(app)
    const select = collector.one('SELECT note')
    expect(collector.pathOf(select)).toEqual(['GET /notes', 'NotesController.list', 'notebook.read', 'SELECT note'])
    expect(select).toMatchObject({
      kind: CLIENT,
      attributes: { 'db.system.name': 'sqlite', 'db.response.returned_rows': 0 },
    })
    expect(select.attributes['db.query.text']).toMatch(/^SELECT .* WHERE .*\?/)
    expect(collector.one('notebook.read').attributes).toMatchObject({ shelf: 3, 'tenon.part': 'method' })
    expect(collector.one('NotesController.list').attributes).toMatchObject({ 'tenon.part': 'handler' })
    expect(collector.one('RepeatedReadsInterceptor').attributes).toMatchObject({
      'tenon.part': 'interceptor',
      'tenon.phase': 'observe',
    })
    expect(JSON.stringify(collector.spans)).not.toContain('secret-value')
  })

  it('keep what happens in a transaction under the interceptor that holds it', async () => {
    await using collector = new Collector()
    await using app = await boot(collector)

    const response = await app.request('/notes', { json: { text: 'secret-value' } })

    expect(response.status).toBe(201)
    await collector.from(app)
    expect(collector.pathOf(collector.one('INSERT note'))).toEqual([
      'POST /notes',
      'NotesController.add',
      'TransactionInterceptor NoteBook.write',
      'INSERT note',
    ])
    expect(collector.names).toEqual(expect.arrayContaining(['BEGIN', 'COMMIT']))
    expect(JSON.stringify(collector.spans)).not.toContain('secret-value')
  })

  it('leave out what only looked at something, and keep what worked: it is the parent of what it did', async () => {
    @Interceptor({ phase: 'authorize', on: ['http'] })
    class Glancing implements EndpointInterceptor {
      forEndpoint(): Contribution {
        return { before: (call) => void call.header('x-anything') }
      }
    }

    @Interceptor({ phase: 'authorize', on: ['http'] })
    class Asking implements EndpointInterceptor {
      constructor(private readonly notes: Notes) {}

      forEndpoint(): Contribution {
        return { before: () => this.notes.count() }
      }
    }

    @Module({ imports: [DeskModule], interceptors: [Glancing, Asking] })
    class GuardedModule {}

    await using collector = new Collector()
    await using app = await testApp(GuardedModule)
      .env(await collector.variables())
      .boot()

    await app.request('/notes')
    for (let call = 0; call < 20; call += 1) await app.request('/notes/quick')

    await collector.from(app)
    const times = (name: string): number => collector.names.filter((each) => each === name).length
    expect(times('GET /notes/quick')).toBe(20)
    // The machine may have held one or the other up.
    expect(times('NotesController.quick')).toBeLessThan(20)
    expect(times('Glancing')).toBeLessThan(20)
    expect(times('Asking')).toBe(21)
    const count = collector.spans.find(({ attributes }) => String(attributes['db.query.text']).includes('COUNT'))!
    expect(collector.pathOf(count)).toEqual(['GET /notes', 'Asking', 'SELECT note'])
  })

  it('go on in the application that is called', async () => {
    await using collector = new Collector()
    await using first = await boot(collector, { OTEL_SERVICE_NAME: 'first' })
    await using second = await boot(collector, { OTEL_SERVICE_NAME: 'second' })
    const { port } = new URL(await second.url())

    await first.request(`/notes/relay/${port}`)

    await collector.from(first, second)
    const entered = collector.one('GET /notes')
    expect(collector.pathOf(entered)).toEqual(['GET /notes/relay/:port', 'NotesController.relay', 'GET', 'GET /notes'])
    expect(new Set(collector.spans.map(({ traceId }) => traceId)).size).toBe(1)
    expect(collector.one('GET')).toMatchObject({
      kind: CLIENT,
      service: 'first',
      attributes: { 'http.response.status_code': 200, 'url.full': `http://127.0.0.1:${port}/notes` },
    })
    expect(entered.service).toBe('second')
  })

  it("take part in the caller's trace, with its state, and follow its decision", async () => {
    await using collector = new Collector()
    await using app = await boot(collector, { OTEL_TRACES_SAMPLER_ARG: '0' })
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331'

    await app.request('/notes', { headers: { traceparent: `${traceparent}-01`, tracestate: 'vendor=7' } })
    await app.request('/notes/missing', { headers: { traceparent: `${traceparent}-00` } })
    await app.request('/notes/missing')

    await collector.from(app)
    expect(collector.one('GET /notes')).toMatchObject({
      traceId: '0af7651916cd43dd8448eb211c80319c',
      parentSpanId: 'b7ad6b7169203331',
      traceState: 'vendor=7',
    })
    expect(collector.names).not.toContain('GET /notes/missing')
  })

  it('begin anew where callers are not followed', async () => {
    await using collector = new Collector()
    await using app = await boot(collector, { TRACE_FOLLOW_CALLERS: 'false' })

    await app.request('/notes', { headers: { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00' } })

    await collector.from(app)
    expect(collector.one('GET /notes').traceId).not.toBe('0af7651916cd43dd8448eb211c80319c')
  })

  it('tell failures of the program from refusals, without their messages', async () => {
    await using collector = new Collector()
    await using app = await boot(collector)

    await app.request('/notes/broken')
    await app.request('/notes/missing')
    await app.request('/nowhere/hunter3')

    await collector.from(app)
    expect(collector.one('GET /notes/broken')).toMatchObject({
      status: { code: 2 },
      attributes: { 'http.response.status_code': 500, 'error.type': 'TypeError' },
    })
    expect(collector.one('GET /notes/missing')).toMatchObject({
      status: { code: 0 },
      attributes: { 'http.response.status_code': 404 },
    })
    expect(collector.one('GET').attributes).toMatchObject({ 'http.response.status_code': 404 })
    expect(JSON.stringify(collector.spans)).not.toContain('hunter2')
  })

  it('leave out health, and calls that chance leaves out', async () => {
    await using collector = new Collector()
    await using app = await boot(collector, { OTEL_TRACES_SAMPLER_ARG: '0' })

    await app.request('/health/live')
    for (let call = 0; call < 20; call += 1) await app.request('/notes')

    expect(await collector.from(app)).toEqual([])
  })

  it('go on while an answer is streamed', async () => {
    @Controller('/export')
    @Public('Everybody reads notes.')
    class ExportController {
      constructor(private readonly notes: Notes) {}

      @Get('/')
      export(): Readable {
        const { notes } = this
        return Readable.from(
          (async function* () {
            yield `${await notes.count()} notes`
          })(),
        )
      }
    }

    @Module({ imports: [DeskModule], controllers: [ExportController] })
    class ExportModule {}

    await using collector = new Collector()
    await using app = await testApp(ExportModule)
      .env(await collector.variables())
      .boot()

    const response = await app.request('/export')
    expect(await response.text()).toBe('0 notes')

    await collector.from(app)
    expect(collector.pathOf(collector.one('SELECT note'))).toEqual(['GET /export', 'SELECT note'])
  })

  it('take in the spans that an application begins by OpenTelemetry itself', async () => {
    await using collector = new Collector()
    await using app = await boot(collector)

    trace.getTracer('mine').startSpan('of nobody').end()

    await collector.from(app)

    expect(collector.names).toEqual(['of nobody'])
  })

  it('are sent with the headers of the settings', async () => {
    await using collector = new Collector()
    await using app = await boot(collector, { OTEL_EXPORTER_OTLP_HEADERS: 'x-key=a%20b,x-other=2' })

    await app.request('/notes')

    await collector.from(app)
    expect(collector.headers[0]).toMatchObject({ 'x-key': 'a b', 'x-other': '2' })
  })
})
