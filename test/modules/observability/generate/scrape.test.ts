import { testApp } from 'tenon/testing'

import { AppModule } from '../../../../samples/starter-kit/app-module.ts'
import { Collector } from '../collector.ts'
import { missing, PROMETHEUS, startPrometheus } from './prometheus.ts'

const described = missing(PROMETHEUS) ? describe.skip : describe

described(`A real Prometheus${missing(PROMETHEUS) ? ' (not there)' : ''}`, () => {
  it('scrapes the starter kit: series, types and exemplars', async () => {
    await using collector = new Collector()
    await using app = await testApp(AppModule)
      .env(await collector.variables())
      .boot()
    await using prometheus = await startPrometheus([new URL(await app.url()).host])
    for (const path of ['/api/tickets', '/api/tickets/1', '/nowhere']) await app.request(path)

    const query = (text: string): string => `/api/v1/query?query=${encodeURIComponent(text)}`
    const [up] = await prometheus.ask(query('up{job="desk"} == 1'))
    const counted = await prometheus.ask(
      query('http_server_request_duration_seconds_count{http_route="/api/tickets/:id"} > 0'),
    )
    const kinds = await prometheus.ask('/api/v1/targets/metadata?metric=http_server_request_duration_seconds')
    const exemplars = await prometheus.ask(
      `/api/v1/query_exemplars?query=http_server_request_duration_seconds_bucket&start=${Date.now() / 1000 - 300}&end=${Date.now() / 1000 + 300}`,
    )

    expect(up).toMatchObject({ metric: { job: 'desk' } })
    expect(counted).toMatchObject([{ metric: { http_request_method: 'GET', http_response_status_code: '401' } }])
    expect(kinds).toMatchObject([{ type: 'histogram', unit: 'seconds', help: 'Duration of HTTP server requests.' }])
    expect(exemplars).toMatchObject(
      expect.arrayContaining([
        expect.objectContaining({
          exemplars: expect.arrayContaining([
            expect.objectContaining({
              labels: expect.objectContaining({ trace_id: expect.stringMatching(/^[0-9a-f]{32}$/) }),
            }),
          ]),
        }),
      ]),
    )
  }, 60_000)
})
