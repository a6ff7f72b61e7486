import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

import { Controller, Get, Module, Public } from 'tenon'
import { trace } from '@opentelemetry/api'
import { ObservabilityModule } from 'tenon/observability'
import { testApp, type TestApp } from 'tenon/testing'

import { Collector } from '../../collector.ts'

@Controller('/tasks')
@Public('An example.')
class TasksController {
  @Get()
  work(): string {
    return 'done'
  }

  /** More than a batch holds, in one call. */
  @Get('/much')
  much(): string {
    const tracer = trace.getTracer('much')
    for (let index = 0; index < 5000; index += 1) tracer.startSpan(`step ${index}`).end()
    return 'done'
  }
}

@Module({ imports: [ObservabilityModule], controllers: [TasksController] })
class TasksModule {}

const LOST = 'Spans could not be sent to the collector and are lost.'

async function boot(endpoint: string): Promise<TestApp> {
  return testApp(TasksModule).env({ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_TRACES_SAMPLER_ARG: '1' }).boot()
}

async function refusing(status: number): Promise<Server> {
  const server = createServer((request, response) => {
    request.resume()
    response.writeHead(status).end()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return server
}

describe('Spans that a collector does not take', () => {
  it('are lost, and the log says how many and why', async () => {
    const collector = await refusing(400)
    const { port } = collector.address() as AddressInfo
    await using app = await boot(`http://127.0.0.1:${port}`)

    await app.request('/tasks')
    await app.request('/tasks')
    await app.close()

    expect(app.logs.at('warn').filter(({ message }) => message === LOST)).toMatchObject([
      { fields: { spans: 2, error: { message: 'Bad Request' } } },
    ])
    collector.close()
  })

  it('do not keep an application from ending', async () => {
    const closed = await refusing(200)
    const { port } = closed.address() as AddressInfo
    closed.close()
    await using app = await boot(`http://127.0.0.1:${port}`)

    expect((await app.request('/tasks')).status).toBe(200)
    await app.close()
  })
})

describe('Spans by the thousand', () => {
  it('arrive in several batches, none of them lost', async () => {
    await using collector = new Collector()
    const { OTEL_EXPORTER_OTLP_ENDPOINT } = await collector.variables()
    await using app = await boot(OTEL_EXPORTER_OTLP_ENDPOINT!)

    await app.request('/tasks/much')
    await app.request('/tasks')

    const spans = await collector.from(app)
    expect(collector.headers.length).toBeGreaterThan(2)
    const steps = spans.filter(({ name }) => name.startsWith('step '))
    expect([steps.length, new Set(steps.map(({ name }) => name)).size]).toEqual([5000, 5000])
    expect(app.logs.at('warn')).toEqual([])
  })
})
