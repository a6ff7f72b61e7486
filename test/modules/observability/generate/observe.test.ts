import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

import { Controller, Get, Module, Param, Public } from 'tenon'
import { Budget, ObservabilityModule, Timed } from 'tenon/observability'
import { testApp, type TestApp } from 'tenon/testing'
import { Version, VersioningModule } from 'tenon/versioning'

import { DeskModule } from '../desk.ts'
import { missing, PROMTOOL } from './prometheus.ts'

const run = promisify(execFile)

@Controller('/shop')
@Public('A test.')
class ShopController {
  @Get('/items/:id')
  @Budget({ p99: 200, queries: 3 })
  item(@Param('id') id: string): string {
    return id
  }

  @Get('/a.b')
  @Timed('shop.odd')
  odd(): string {
    return 'odd'
  }
}

@Module({ imports: [DeskModule], controllers: [ShopController] })
class ShopModule {}

function boot(): Promise<TestApp> {
  return testApp(ShopModule).env({ OTEL_SERVICE_NAME: 'shop' }).boot()
}

interface Panel {
  readonly type: string
  readonly title: string
  readonly targets?: readonly { readonly expr: string; readonly exemplar?: boolean }[]
  /** Of a row that is folded. */
  readonly panels?: readonly Panel[]
}

async function dashboard(app: TestApp): Promise<readonly Panel[]> {
  const { data } = await app.application.run('observe:grafana', {})
  return (data as { readonly panels: readonly Panel[] }).panels.flatMap((panel) => [panel, ...(panel.panels ?? [])])
}

describe('tenon observe grafana', () => {
  it('has a row for each controller with panels for each of its endpoints', async () => {
    await using app = await boot()

    const panels = await dashboard(app)

    const rows = panels.filter(({ type }) => type === 'row').map(({ title }) => title)
    expect(rows).toEqual(expect.arrayContaining(['All endpoints', 'ShopController', 'NotesController', 'Process']))
    expect(rows.join()).not.toMatch(/Health|Metrics|Dev/)
    expect(panels.find(({ title }) => title === 'ShopController')).toMatchObject({ collapsed: true })
    expect(panels.find(({ title }) => title === 'Calls a second')).toMatchObject({
      fieldConfig: { defaults: { thresholds: { steps: [{ color: 'green' }] } } },
    })
    expect(panels.find(({ title }) => title === 'Calls by endpoint')).toMatchObject({
      options: { legend: { showLegend: true }, tooltip: { mode: 'multi' } },
    })
    const item = panels.filter(({ title }) => title.startsWith('GET /shop/items/:id'))
    expect(item.map(({ title }) => title)).toEqual([
      'GET /shop/items/:id: calls by status',
      'GET /shop/items/:id: duration',
    ])
    expect(item[1]!.targets!.map(({ expr }) => expr).at(-1)).toBe('vector(0.2)')
    expect(item[1]!.targets![0]!.exemplar).toBe(true)
  })

  it('asks for endpoints where they are served, and for their versions', async () => {
    @Controller('/parts')
    @Public('An example.')
    @Version('1', '2')
    class PartsController {
      @Get('/')
      @Budget({ p99: 100 })
      list(): string {
        return 'none'
      }
    }

    @Module({ imports: [ObservabilityModule, VersioningModule], controllers: [PartsController] })
    class InPaths {}

    @Module({
      imports: [ObservabilityModule, VersioningModule.with({ from: 'header' })],
      controllers: [PartsController],
    })
    class InHeaders {}
    await using paths = await testApp(InPaths).boot()
    await using headers = await testApp(InHeaders).boot()

    const durations = (panels: readonly Panel[]): readonly string[] =>
      panels.flatMap(({ title }) => (title.endsWith('/parts: duration') ? [title] : []))
    const ofPaths = await dashboard(paths)
    const { text } = await paths.application.run('observe:alerts', {})

    expect(durations(ofPaths)).toEqual(['GET /v1/parts: duration', 'GET /v2/parts: duration'])
    expect(durations(await dashboard(headers))).toEqual(['GET /parts: duration'])
    expect(ofPaths.map(({ title }) => title)).toContain('Calls by API version')
    expect(text).toContain('summary: "GET /v2/parts is over its budget"')
  })

  it('shows what the application and its modules measure', async () => {
    await using app = await boot()

    const titles = (await dashboard(app)).map(({ title }) => title)

    expect(titles).toEqual(expect.arrayContaining(['shop_odd_seconds', 'db_client_connection_count']))
  })

  it('is written to the file that is named', async () => {
    await using app = await boot()
    const folder = await mkdtemp(join(tmpdir(), 'tenon-grafana-'))
    const out = join(folder, 'dashboard.json')

    const { text } = await app.application.run('observe:grafana', { options: { out, job: 'other' } })

    expect(text).toBe(`Wrote ${out}.`)
    const written = await readFile(out, 'utf8')
    await rm(folder, { recursive: true })
    expect(JSON.parse(written)).toMatchObject({ title: 'shop', uid: 'tenon-shop' })
    expect(written).toContain(String.raw`job=\"other\"`)
  })
})

describe('tenon observe alerts', () => {
  it('has a rule for each budget, and leaves those endpoints out of the general one', async () => {
    await using app = await boot()

    const { text } = await app.application.run('observe:alerts', {})

    expect(text).toContain('summary: "GET /shop/items/:id is over its budget"')
    expect(text).toContain(String.raw`http_route!~\"/shop/items/:id\"`)
    expect(text).toContain('DatabasePoolExhausted')
  })
})

const described = missing(PROMTOOL) ? describe.skip : describe

described(`The alert rules${missing(PROMTOOL) ? ' (promtool is not there)' : ''}`, () => {
  it('are accepted by promtool, and fire when they should and not before', async () => {
    await using app = await boot()
    const folder = await mkdtemp(join(tmpdir(), 'tenon-alerts-'))
    const rules = join(folder, 'alerts.yml')
    await app.application.run('observe:alerts', { options: { out: rules } })
    await writeFile(join(folder, 'test.yml'), JSON.stringify(fires(rules)))
    try {
      expect((await run(PROMTOOL, ['check', 'rules', rules])).stdout).toMatch(/SUCCESS: \d+ rules found/)
      expect((await run(PROMTOOL, ['test', 'rules', join(folder, 'test.yml')])).stdout).toContain('SUCCESS')
    } finally {
      await rm(folder, { recursive: true })
    }
  })
})

/** Series in the notation of promtool: `start+step x times`. */
function fires(rules: string): object {
  const duration = 'http_server_request_duration_seconds'
  const item = 'job="shop",http_request_method="GET",http_route="/shop/items/:id"'
  const odd = 'job="shop",http_request_method="GET",http_route="/shop/a.b"'
  return {
    rule_files: [rules],
    evaluation_interval: '1m',
    tests: [
      {
        interval: '1m',
        input_series: [
          // Every tenth call fails, and each takes between a quarter and half a second.
          { series: `${duration}_count{${odd},http_response_status_code="200"}`, values: '0+90x30' },
          { series: `${duration}_count{${odd},http_response_status_code="500"}`, values: '0+10x30' },
          { series: `${duration}_count{${item},http_response_status_code="200"}`, values: '0+60x30' },
          { series: `${duration}_bucket{${item},le="0.25"}`, values: '0+0x30' },
          { series: `${duration}_bucket{${item},le="0.5"}`, values: '0+60x30' },
          { series: `${duration}_bucket{${item},le="+Inf"}`, values: '0+60x30' },
          { series: 'db_client_connection_pending_requests{job="shop"}', values: '0x30' },
        ],
        alert_rule_test: [
          { alertname: 'EndpointFails', eval_time: '3m', exp_alerts: [] },
          {
            alertname: 'EndpointFails',
            eval_time: '20m',
            exp_alerts: [
              {
                exp_labels: { severity: 'critical', http_request_method: 'GET', http_route: '/shop/a.b' },
                exp_annotations: {
                  summary: 'GET /shop/a.b fails',
                  description: '10% of its calls were answered with 5xx.',
                },
              },
            ],
          },
          {
            alertname: 'EndpointOverBudget',
            eval_time: '20m',
            exp_alerts: [
              {
                exp_labels: { severity: 'warning', endpoint: 'ShopController.item' },
                exp_annotations: {
                  summary: 'GET /shop/items/:id is over its budget',
                  description: 'ShopController.item promises 200 ms for 99 of 100 calls; it is 497.5ms.',
                },
              },
            ],
          },
          { alertname: 'EndpointSlow', eval_time: '20m', exp_alerts: [] },
          { alertname: 'DatabasePoolExhausted', eval_time: '20m', exp_alerts: [] },
        ],
      },
    ],
  }
}
