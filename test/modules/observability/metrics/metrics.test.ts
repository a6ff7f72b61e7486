import { metrics } from '@opentelemetry/api'
import * as fc from 'fast-check'

import { Controller, Get, Module, Param, Public, Service, type ModuleImport } from 'tenon'
import { Counted, Gauge, ObservabilityModule, Timed, type GaugeReading } from 'tenon/observability'
import { testApp, type TestApp } from 'tenon/testing'
import { Version, VersioningModule } from 'tenon/versioning'

import { prometheusName, writeOpenMetrics } from '../../../../modules/observability/metrics/open-metrics.ts'
import { Collector } from '../collector.ts'
import { DeskModule } from '../desk.ts'
import { readMetrics, valuesOf, type Sample } from './read-metrics.ts'

const OPEN = { accept: 'application/openmetrics-text; version=1.0.0' }

async function read(app: TestApp, headers: Readonly<Record<string, string>> = OPEN): Promise<readonly Sample[]> {
  const response = await app.request('/metrics', { headers })
  return readMetrics(await response.text())
}

@Service()
class Kitchen {
  @Timed('kitchen.cook', { description: 'How long a dish takes.' })
  async cook(isBurnt: boolean): Promise<string> {
    if (isBurnt) throw new Error('burnt')
    return 'dish'
  }

  @Counted('kitchen.plates', { unit: '{plate}', attributes: { size: 'large' } })
  plate(): void {}

  @Gauge('kitchen.stoves', { description: 'Stoves\nby "state".' })
  stoves(): GaugeReading {
    return [
      { value: 2, attributes: { state: 'hot' } },
      { value: 1, attributes: { state: 'a "quoted"\\ one\n' } },
    ]
  }

  @Gauge('kitchen.broken')
  broken(): number {
    throw new Error('no sensor')
  }
}

@Controller('/kitchen')
@Public('Everybody eats.')
class KitchenController {
  constructor(private readonly kitchen: Kitchen) {}

  @Get('/dish/:id')
  dish(@Param('id') id: string): Promise<string> {
    this.kitchen.plate()
    return this.kitchen.cook(id === 'burnt')
  }

  @Get('/burnt')
  burnt(): Promise<string> {
    return this.kitchen.cook(true)
  }
}

@Module({ imports: [ObservabilityModule], controllers: [KitchenController], providers: [Kitchen] })
class KitchenModule {}

function boot(module: ModuleImport = KitchenModule, env: Readonly<Record<string, string>> = {}): Promise<TestApp> {
  return testApp(module).env(env).boot()
}

describe('Metrics', () => {
  it('tell rate, errors and duration of each endpoint by its pattern', async () => {
    await using app = await boot()
    for (const id of ['1', '2', '3']) await app.request(`/kitchen/dish/${id}`)
    await app.request('/kitchen/burnt')

    const samples = await read(app)

    const count = 'http_server_request_duration_seconds_count'
    expect(valuesOf(samples, count, { http_route: '/kitchen/dish/:id', http_response_status_code: '200' })).toEqual([3])
    expect(valuesOf(samples, count, { http_route: '/kitchen/burnt', http_response_status_code: '500' })).toEqual([1])
    const buckets = valuesOf(samples, 'http_server_request_duration_seconds_bucket', {
      http_route: '/kitchen/dish/:id',
    })
    expect(buckets).toHaveLength(15)
    expect(buckets.at(-1)).toBe(3)
    expect(buckets.toSorted((a, b) => a - b)).toEqual(buckets)
    // The call that reads is one itself.
    expect(valuesOf(samples, 'tenon_active_calls', { tenon_transport: 'http' })).toEqual([1])
  })

  it('tell versions of an endpoint apart, and methods that share a metric together: no series stands twice', async () => {
    @Service()
    class Oven {
      @Timed('oven.use')
      @Counted('oven.uses')
      bake(): void {}

      @Timed('oven.use')
      @Counted('oven.uses')
      roast(): void {}
    }

    @Controller('/oven')
    @Public('An example.')
    @Version('1', '2')
    class OvenController {
      constructor(private readonly oven: Oven) {}

      @Get('/')
      use(): void {
        this.oven.bake()
        this.oven.roast()
      }
    }

    @Module({
      imports: [ObservabilityModule, VersioningModule.with({ from: 'header', defaultVersion: '2' })],
      controllers: [OvenController],
      providers: [Oven],
    })
    class OvenModule {}
    await using app = await boot(OvenModule)
    for (const version of ['1', '2', '2']) await app.request('/oven', { headers: { 'x-api-version': version } })

    const samples = await read(app)

    const count = 'http_server_request_duration_seconds_count'
    expect(valuesOf(samples, count, { http_route: '/oven', tenon_api_version: '1' })).toEqual([1])
    expect(valuesOf(samples, count, { http_route: '/oven', tenon_api_version: '2' })).toEqual([2])
    expect(valuesOf(samples, 'oven_use_seconds_count', { outcome: 'success' })).toEqual([6])
    expect(valuesOf(samples, 'oven_uses_total', { outcome: 'success' })).toEqual([6])
  })

  it('have no more series than routes and statuses, whatever callers send', async () => {
    await using app = await boot()
    for (let call = 0; call < 40; call += 1) await app.request(`/kitchen/nowhere-${call}`)
    for (const method of ['PROPFIND', 'LOCK']) await app.request('/kitchen/x', { method })

    const samples = await read(app)

    const unanswered = samples.filter(
      ({ name, labels }) => name === 'http_server_request_duration_seconds_count' && labels['http_route'] === undefined,
    )
    expect(new Map(unanswered.map(({ labels, value }) => [labels['http_request_method'], value]))).toEqual(
      new Map([
        ['GET', 40],
        ['_OTHER', 2],
      ]),
    )
  })

  it('count what comes beyond the limit of series in one', async () => {
    await using app = await boot(KitchenModule, { METRICS_SERIES_LIMIT: '1' })
    await app.request('/kitchen/dish/1')
    await app.request('/kitchen/burnt')
    await app.request('/nowhere')

    const samples = await read(app)

    const count = 'http_server_request_duration_seconds_count'
    expect(valuesOf(samples, count, { otel_metric_overflow: 'true' })).toEqual([2])
    expect(valuesOf(samples, count)).toHaveLength(2)
  })

  it('leave out the readings of a gauge that are too many, and say so once', async () => {
    @Service()
    class Shelves {
      @Gauge('shelves.used')
      used(): GaugeReading {
        return Array.from({ length: 30 }, (_, shelf) => ({ value: shelf, attributes: { shelf } }))
      }
    }

    @Module({ imports: [ObservabilityModule], providers: [Shelves] })
    class ShelvesModule {}
    await using app = await boot(ShelvesModule, { METRICS_SERIES_LIMIT: '10' })

    const samples = await read(app)
    await read(app)

    expect(valuesOf(samples, 'shelves_used')).toHaveLength(10)
    expect(app.logs.at('warn').filter(({ message }) => message.includes('shelves.used'))).toHaveLength(1)
  })

  it('tell what methods count and how long they take, by outcome', async () => {
    await using app = await boot()
    await app.request('/kitchen/dish/1')
    await app.request('/kitchen/burnt')

    const samples = await read(app)

    expect(valuesOf(samples, 'kitchen_cook_seconds_count', { outcome: 'success' })).toEqual([1])
    expect(valuesOf(samples, 'kitchen_cook_seconds_count', { outcome: 'failure' })).toEqual([1])
    expect(valuesOf(samples, 'kitchen_plates_total', { outcome: 'success', size: 'large' })).toEqual([1])
  })

  it('ask gauges when somebody looks, and leave out those that fail', async () => {
    await using app = await boot()

    const samples = await read(app)
    await read(app)

    expect(valuesOf(samples, 'kitchen_stoves', { state: 'hot' })).toEqual([2])
    expect(valuesOf(samples, 'kitchen_stoves', { state: 'a "quoted"\\ one\n' })).toEqual([1])
    expect(valuesOf(samples, 'kitchen_broken')).toEqual([])
    expect(app.logs.at('warn').filter(({ message }) => message.includes('kitchen.broken'))).toHaveLength(1)
    for (const name of ['process_memory_usage_bytes', 'v8js_memory_heap_used_bytes', 'process_uptime_seconds']) {
      expect(valuesOf(samples, name)[0]).toBeGreaterThan(0)
    }
    expect(valuesOf(samples, 'process_cpu_time_seconds_total', { cpu_mode: 'user' })[0]).toBeGreaterThan(0)
    expect(valuesOf(samples, 'nodejs_eventloop_utilization_ratio')[0]).toBeLessThanOrEqual(1)
  })

  it('tell how the connections of the database are used', async () => {
    await using app = await boot(DeskModule)
    await app.request('/notes')

    const samples = await read(app)

    const count = 'db_client_connection_count'
    expect(valuesOf(samples, count, { db_client_connection_state: 'used' })).toEqual([0])
    expect(valuesOf(samples, count, { db_client_connection_state: 'idle' })).toEqual([1])
    expect(valuesOf(samples, 'db_client_connection_pending_requests')).toEqual([0])
  })

  it("include what is measured by OpenTelemetry's own API", async () => {
    await using app = await boot()
    const meter = metrics.getMeter('orders')
    meter.createCounter('orders.placed', { unit: '{order}', description: 'Orders.' }).add(2, { channel: 'web' })
    meter.createHistogram('orders.value', { unit: 'By' }).record(7)

    const samples = await read(app)

    expect(valuesOf(samples, 'orders_placed_total', { channel: 'web' })).toEqual([2])
    expect(valuesOf(samples, 'orders_value_bytes_sum')).toEqual([7])
  })

  it('lead from a bucket to a trace that fell into it', async () => {
    await using collector = new Collector()
    await using app = await boot(DeskModule, await collector.variables())
    await app.request('/notes')

    const samples = await read(app)

    const exemplars = samples.flatMap(({ exemplar }) => exemplar ?? [])
    await collector.from(app)
    const span = collector.one('GET /notes')
    expect(exemplars).toMatchObject([{ labels: { trace_id: span.traceId, span_id: span.spanId } }])
  })

  it('are told in the older text, without exemplars, to those who do not ask for OpenMetrics', async () => {
    await using app = await boot()
    await app.request('/kitchen/dish/1')

    const response = await app.request('/metrics')
    const text = await response.text()

    expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8')
    expect(text).not.toMatch(/# EOF|# UNIT/)
    expect(text).toContain('# TYPE kitchen_plates_total counter\n')
    expect(readMetrics(text).length).toBeGreaterThan(20)
  })

  it('are open to this machine, to bearers of the token, and to nobody else', async () => {
    await using app = await boot(KitchenModule, { METRICS_TOKEN: 'a-token-of-tests' })
    const foreign = { 'x-forwarded-for': '203.0.113.7' }
    const statuses: number[] = []

    for (const headers of [
      {},
      foreign,
      { ...foreign, authorization: 'Bearer a-token-of-tests' },
      { ...foreign, authorization: 'Bearer another-token-x' },
      { via: '1.1 proxy' },
    ]) {
      const response = await app.request('/metrics', { headers })
      statuses.push(response.status)
    }

    expect(statuses).toEqual([200, 403, 200, 403, 403])
  })

  it('are open to everybody where the settings say so', async () => {
    await using app = await boot(KitchenModule, { METRICS_OPEN: 'true' })

    const response = await app.request('/metrics', { headers: { 'x-forwarded-for': '203.0.113.7' } })

    expect(response.status).toBe(200)
  })
})

describe('The text of metrics', () => {
  it('can be read whatever names, labels and values are', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            name: fc.string({ minLength: 1 }),
            unit: fc.constantFrom('s', 'By', '1', '', '{x}'),
            description: fc.string(),
            label: fc.string({ minLength: 1 }),
            text: fc.string(),
            value: fc.double({ noNaN: true }),
          }),
        ),
        (all) => {
          const families = all.map(({ label, text, value, ...family }) => ({
            ...family,
            type: 'gauge' as const,
            points: [{ attributes: { [label]: text }, value }],
          }))

          const text = writeOpenMetrics(families)

          const series = new Set(
            all.map(({ name, unit, label, text: value }) =>
              JSON.stringify([
                prometheusName({ name, unit }),
                label.replace(/[^A-Za-z0-9_]/g, '_').replace(/^(?=\d)/, '_'),
                value,
              ]),
            ),
          )
          expect(readMetrics(text)).toHaveLength(series.size)
          expect(text.endsWith('# EOF\n')).toBe(true)
        },
      ),
      { numRuns: process.env['FULL'] ? 20_000 : 300 },
    )
  })

  it('joins attributes that are one label in Prometheus', () => {
    const points = [{ attributes: { 'a.b': 'one', a_b: 'two' }, value: 1 }]

    const text = writeOpenMetrics([{ name: 'x', unit: '', description: '', type: 'gauge', points }])

    expect(readMetrics(text)).toMatchObject([{ labels: { a_b: 'one;two' } }])
  })

  it('spells units out, once', () => {
    expect(prometheusName({ name: 'http.server.request.duration', unit: 's' })).toBe(
      'http_server_request_duration_seconds',
    )
    expect(prometheusName({ name: 'queue.seconds', unit: 's' })).toBe('queue_seconds')
    expect(prometheusName({ name: '9.lives', unit: '{cat}' })).toBe('_9_lives')
  })
})
