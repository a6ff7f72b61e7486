import { Controller, Get, Module } from 'tenon'
import { ObservabilityModule } from 'tenon/observability'
import { FakeClock, testApp } from 'tenon/testing'
import { Deprecated, DeprecatedCalls, Version, VersioningModule } from 'tenon/versioning'

@Controller('/reports')
@Version('1+')
class ReportsController {
  @Get('/weekly')
  @Deprecated({
    since: '2026-03-01',
    sunset: '2099-12-31',
    replacement: '/v2/reports/daily',
    link: 'https://desk.example/changes',
  })
  weekly(): string {
    return 'weekly'
  }

  @Get('/daily')
  daily(): string {
    return 'daily'
  }
}

@Module({ imports: [VersioningModule], controllers: [ReportsController] })
class ReportsModule {}

describe('@Deprecated', () => {
  it('says since when, until when and what to use instead, on every answer', async () => {
    await using app = await testApp(ReportsModule).boot()

    const { headers } = await app.request('/v1/reports/weekly')
    const other = await app.request('/v1/reports/daily')

    // RFC 9745 §2.1, RFC 8594 §3.
    expect(headers.get('deprecation')).toBe('@1772323200')
    expect(headers.get('sunset')).toBe('Thu, 31 Dec 2099 00:00:00 GMT')
    expect(headers.get('link')).toBe(
      '<https://desk.example/changes>; rel="deprecation"; type="text/html", </v2/reports/daily>; rel="successor-version"',
    )
    expect(other.headers.has('deprecation')).toBe(false)
  })

  it('may be meant for some versions of an endpoint only', async () => {
    @Controller('/reports')
    @Version('1', '1.5', '2')
    @Deprecated({ since: '2026-03-01', versions: ['1.0', '1.5'] })
    class NewReportsController {
      @Get('/')
      all(): string {
        return 'all'
      }
    }

    @Module({ imports: [VersioningModule], controllers: [NewReportsController] })
    class NewReportsModule {}
    await using app = await testApp(NewReportsModule).boot()

    const answers = await Promise.all(['1', '1.5', '2'].map((version) => app.request(`/v${version}/reports`)))

    expect(answers.map(({ headers }) => headers.has('deprecation'))).toEqual([true, true, false])
  })

  it('keeps a report of who still calls', async () => {
    await using app = await testApp(ReportsModule).clock('2026-04-01T10:00:00Z').boot()
    const calls = app.get(DeprecatedCalls)

    await app.as({ id: 'ada', tenant: 'acme' }).request('/v1/reports/weekly')
    await app.as({ id: 'ada', tenant: 'acme' }).request('/v1/reports/weekly')
    await app.request('/v1/reports/weekly')
    await app.request('/v1/reports/daily')

    expect(calls.report()).toEqual([
      {
        endpoint: 'GET /v1/reports/weekly',
        version: '1',
        caller: 'ada',
        key: undefined,
        tenant: 'acme',
        calls: 2,
        lastCallAt: new Date('2026-04-01T10:00:00Z'),
      },
      expect.objectContaining({ caller: 'anonymous', tenant: undefined, calls: 1 }),
    ])
  })

  it('tells keys of one owner and versions apart, and not the logins of one person', async () => {
    @Controller('/reports')
    @Version('1', '2')
    @Deprecated({ since: '2026-03-01' })
    class OldReportsController {
      @Get('/')
      all(): string {
        return 'all'
      }
    }

    @Module({
      imports: [VersioningModule.with({ from: 'header' }), ObservabilityModule],
      controllers: [OldReportsController],
    })
    class OldReportsModule {}
    await using app = await testApp(OldReportsModule).boot()
    const call = (scheme: string, credentialId: string, version: string): Promise<unknown> =>
      app
        .as({ id: 'ada', authentication: { scheme, credentialId, factors: [] } })
        .request('/reports', { headers: { 'x-api-version': version } })

    await call('bearer', 'login-1', '1')
    await call('session', 'login-2', '1')
    await call('apiKey', 'key-1', '1')
    await call('apiKey', 'key-1', '2')
    await call('apiKey', 'key-2', '2')

    const metrics = await (await app.request('/metrics')).text()
    expect(metrics).toContain('tenon_deprecated_calls_total{endpoint="GET /reports",tenon_api_version="1"} 3\n')
    expect(metrics).toContain('tenon_deprecated_calls_total{endpoint="GET /reports",tenon_api_version="2"} 2\n')
    const report = app.get(DeprecatedCalls).report()
    expect(report.map(({ key, version, calls }) => [key, version, calls])).toEqual([
      [undefined, '1', 2],
      ['key-1', '1', 1],
      ['key-1', '2', 1],
      ['key-2', '2', 1],
    ])
    expect(app.logs.lines.map(({ message }) => message)).toContain(
      'GET /reports is deprecated, and ada with the key key-2 still calls it.',
    )
  })

  it('tells the log once a day for each caller', async () => {
    const clock = new FakeClock(new Date('2026-04-01T10:00:00Z'))
    await using app = await testApp(ReportsModule).clock(clock).boot()
    const ada = app.as({ id: 'ada' })
    const told = (): number => app.logs.lines.filter(({ message }) => message.includes('is deprecated')).length

    await ada.request('/v1/reports/weekly')
    await ada.request('/v1/reports/weekly')
    const onTheFirstDay = told()
    await clock.advance(86_400_000)
    await ada.request('/v1/reports/weekly')

    expect([onTheFirstDay, told()]).toEqual([1, 2])
  })
})
