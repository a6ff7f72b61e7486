import { createApp, Controller, Get, Logger, Module, Public, type Application } from 'tenon'
import { ObservabilityModule } from 'tenon/observability'
import { testApp, type TestApp } from 'tenon/testing'

import { sqlLine, sqlText } from '../../../../modules/observability/dev/readable-sql.ts'
import { DeskModule, Notes } from '../desk.ts'

@Controller('/desk')
@Public('A test.')
class DeskController {
  constructor(
    private readonly notes: Notes,
    private readonly log: Logger,
  ) {}

  @Get('/one-by-one')
  async oneByOne(): Promise<number> {
    for (const id of [1, 2, 3, 4]) await this.notes.findOneBy({ id })
    return 4
  }

  /** Hands the promise on: nothing of the application is on the stack when the statement is sent. */
  @Get('/handed-on')
  handedOn(): Promise<unknown> {
    return this.notes.paginate({ page: 1, size: 10, order: { id: 'ASC' } })
  }

  @Get('/told')
  told(): string {
    this.log.warn('The <b>bold</b> line', { password: 'hunter2', amount: 3 })
    return 'told'
  }

  @Get('/held')
  held(): string {
    for (const end = performance.now() + 60; performance.now() < end;);
    return 'held'
  }
}

@Module({ imports: [DeskModule], controllers: [DeskController] })
class DevModule {}

const IN_DEVELOPMENT = { TENON_ENV: 'development', DATABASE_URL: 'sqlite::memory:', LOG_LEVEL: 'warn' }

async function boot(): Promise<TestApp> {
  return testApp(DevModule).env(IN_DEVELOPMENT).boot()
}

/** The page of the latest call. */
async function callPage(app: TestApp): Promise<string> {
  const list = await (await app.request('/_dev')).text()
  const [, path] = /href="(\/_dev\/calls\/[^"]+)"/.exec(list) ?? []
  return (await app.request(path!)).text()
}

function plain(page: string): string {
  return page
    .replace(/<(style|script)[\s\S]*?<\/\1>/g, '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ')
}

describe('The development page', () => {
  it('lists the last calls with status, time and number of statements', async () => {
    await using app = await boot()
    await app.request('/notes?token=hunter2')
    await app.request('/notes/broken')

    const response = await app.request('/_dev')
    const page = await response.text()

    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8')
    const text = plain(page)
    expect(text).toMatch(
      /GET \/notes\/broken NotesController\.broken 500 .* GET \/notes NotesController\.list 200 .* 1 · /,
    )
    expect(text).not.toContain('hunter2')
    // Neither itself nor what machines ask for.
    expect(text).not.toContain('/_dev ')
  })

  it('lets only its own script and style run, and nobody frame it', async () => {
    await using app = await boot()

    const response = await app.request('/_dev')
    const policy = response.headers.get('content-security-policy')!
    const page = await response.text()

    const [, nonce] = /script-src 'nonce-([^']+)'/.exec(policy)!
    expect(policy).toMatch(/^default-src 'none'; .*frame-ancestors 'none'$/)
    expect(page.match(/<(script|style)\b[^>]*>/g)).toEqual([`<style nonce="${nonce}">`, `<script nonce="${nonce}">`])
    expect(page).not.toMatch(/ on\w+=|style="/)
    expect(nonce).not.toBe(
      /nonce-([^']+)/.exec((await app.request('/_dev')).headers.get('content-security-policy')!)![1],
    )
  })

  it('shows what a call did: interceptors by phase, handler, methods, statements and the place that asked', async () => {
    await using app = await boot()
    await app.request('/notes')

    const text = plain(await callPage(app))

    expect(text).toMatch(
      /TestIdentityInterceptor authenticate .* NotesController\.list .* notebook\.read .* SELECT note/,
    )
    expect(text).toContain('the answer is written')
    expect(text).toMatch(/WHERE .*= \?.* 0 rows · \S*test\/modules\/observability\/desk\.ts:\d+ /)
  })

  it('knows the place though the promise was handed on', async () => {
    await using app = await boot()
    await app.request('/desk/handed-on')

    const text = plain(await callPage(app))

    expect(text).toMatch(/dev-page\.test\.ts:\d+/)
    expect(text).not.toMatch(/query-spans|modules\/data\//)
  })

  it('says which statement is sent again and again, and from where', async () => {
    await using app = await boot()
    await app.request('/desk/one-by-one')

    expect(plain(await (await app.request('/_dev')).text())).toContain('4× the same statement')
    expect(plain(await callPage(app))).toMatch(/4× the same statement\. .* Asked at \S*dev-page\.test\.ts:\d+/)
  })

  it('shows the error with its stack, as text', async () => {
    await using app = await boot()
    await app.request('/notes/broken')

    const text = plain(await callPage(app))

    expect(text).toMatch(/TypeError: hunter2 is not a function .*NotesController\.broken/)
  })

  it('shows the lines of the log that the call wrote, without secrets and as text', async () => {
    const app: Application = await createApp(DevModule, { env: IN_DEVELOPMENT, cwd: import.meta.dirname })
    await using _closing = app
    const { url } = await app.listen({ port: 0, host: '127.0.0.1', handleSignals: false })
    await (await fetch(`${url}/desk/told`)).text()

    const list = await (await fetch(`${url}/_dev`)).text()
    const [, path] = /href="(\/_dev\/calls\/[^"]+)"/.exec(list)!
    const page = await (await fetch(`${url}${path}`)).text()

    expect(page).toContain('The &lt;b&gt;bold&lt;/b&gt; line')
    expect(page).toContain('amount: 3')
    expect(page).not.toContain('hunter2')
  })

  it('says how long the event loop was held', async () => {
    await using app = await boot()
    await app.request('/desk/held')

    const [, held] = /Event loop held ([\d.]+) ms/.exec(plain(await callPage(app)))!

    expect(Number(held)).toBeGreaterThan(30)
  })

  it('keeps no more calls than the settings say, and says so of those that are gone', async () => {
    await using app = await testApp(DevModule)
      .env({ ...IN_DEVELOPMENT, DEV_PAGE_CALLS: '2' })
      .boot()
    for (const path of ['/notes', '/notes/missing', '/desk/told']) await app.request(path)

    const text = plain(await (await app.request('/_dev')).text())

    expect(text).toMatch(/\/desk\/told .*\/notes\/missing/)
    expect(text).not.toContain('NotesController.list')
    expect((await app.request('/_dev/calls/gone')).status).toBe(404)
  })

  it('takes a CPU profile', async () => {
    await using app = await boot()

    const response = await app.request('/_dev/profile?seconds=0.1', { method: 'POST' })

    expect(await response.json()).toMatchObject({ nodes: expect.any(Array), samples: expect.any(Array) })
  })

  it.each([
    ['who comes through a proxy', { 'x-forwarded-for': '203.0.113.7' }],
    ['a page of another site', { 'sec-fetch-site': 'cross-site' }],
    ['a page of a neighbour', { 'sec-fetch-site': 'same-site' }],
  ])('is not there for %s', async (_who, headers) => {
    await using app = await boot()

    expect((await app.request('/_dev', { headers })).status).toBe(404)
    expect((await app.request('/_dev/profile?seconds=0.1', { method: 'POST', headers })).status).toBe(404)
  })

  it('is not there in production and in tests', async () => {
    @Module({ imports: [ObservabilityModule] })
    class PlainModule {}

    for (const TENON_ENV of ['production', 'test']) {
      await using app = await testApp(PlainModule).env({ TENON_ENV }).boot()
      expect((await app.request('/_dev')).status).toBe(404)
    }
  })
})

describe('SQL for people', () => {
  it('says in a line what it is about', () => {
    const select = 'SELECT a, b, c FROM t LEFT JOIN u ON u.id = t.id WHERE ( ((("a" = ?))) AND (b = 2) ) LIMIT ?'

    expect(sqlLine(select)).toBe('SELECT … FROM t LEFT JOIN u ON u.id = t.id WHERE (("a" = ?) AND (b = 2)) LIMIT ?')
    expect(sqlLine('SELECT COUNT(1) FROM t')).toBe('SELECT COUNT(1) FROM t')
    expect(sqlLine('INSERT INTO "t"("a", "b") VALUES (?, ?)')).toBe('INSERT INTO "t" (2 columns)')
  })

  it('has a line for each clause in full, as text', () => {
    const { text } = sqlText('SELECT a, b FROM t WHERE a < ? ORDER BY b')

    expect(text.replaceAll(/<\/?b>/g, '')).toBe('<pre>SELECT a, b\nFROM t\nWHERE a &lt; ?\nORDER BY b</pre>')
    expect(text).toContain('<b>ORDER BY</b>')
  })
})
