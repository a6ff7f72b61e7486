import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { createApp, LogControl, type Application } from 'tenon'
import { testApp, type TestApp } from 'tenon/testing'

import { DeskModule } from '../desk.ts'

const OPERATOR = { id: 'ada', roles: ['operator'] }

function put(app: TestApp, level: string): Promise<Response> {
  return app.request('/observe/log-level', { method: 'PUT', json: { level } })
}

describe('/observe', () => {
  it('is closed to everybody without the role', async () => {
    await using app = await testApp(DeskModule).boot()

    expect((await put(app, 'debug')).status).toBe(403)
    expect((await put(app.as({ id: 'bob', roles: ['user'] }), 'debug')).status).toBe(403)
    expect((await app.request('/observe/profile?seconds=0.1', { method: 'POST' })).status).toBe(403)
    expect((await app.request('/observe/log-level')).status).toBe(403)
  })

  it('knows operators by the role of the settings', async () => {
    await using app = await testApp(DeskModule).env({ OPERATOR_ROLE: 'site-reliability' }).boot()

    expect((await app.as(OPERATOR).request('/observe/log-level')).status).toBe(403)
    expect((await app.as({ id: 'eve', roles: ['site-reliability'] }).request('/observe/log-level')).status).toBe(200)
  })

  it('takes a profile, one at a time', async () => {
    await using app = await testApp(DeskModule).boot()
    const ask = (): Promise<Response> => app.as(OPERATOR).request('/observe/profile?seconds=0.3', { method: 'POST' })

    const answers = await Promise.all([ask(), ask()])

    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409])
    const taken = answers.find(({ status }) => status === 200)!
    expect(await taken.json()).toMatchObject({ nodes: expect.any(Array) })
  })

  it('refuses levels that there are not, and a log that has its own', async () => {
    await using app = await testApp(DeskModule).boot()

    expect(await (await put(app.as(OPERATOR), 'loud')).json()).toMatchObject({
      status: 400,
      code: 'LOG_LEVEL_UNKNOWN',
      detail: '"loud" is no level of the log. There are: debug, info, warn, error, silent.',
    })
    expect(await (await put(app.as(OPERATOR), 'debug')).json()).toMatchObject({ status: 409, code: 'LOG_LEVEL_FIXED' })
  })
})

describe('tenon profile', () => {
  it('writes the profile of an application that runs on this machine in development', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tenon-profile-'))
    const out = join(folder, 'here.cpuprofile')
    await using running = await testApp(DeskModule)
      .env({ TENON_ENV: 'development', DATABASE_URL: 'sqlite::memory:' })
      .boot()
    await using app = await testApp(DeskModule).boot()

    const { text } = await app.application.run('profile', {
      options: { url: await running.url(), seconds: '0.1', out },
    })

    const written = await readFile(out, 'utf8')
    await rm(folder, { recursive: true })
    expect(text).toContain(`Wrote ${out}.`)
    expect(JSON.parse(written)).toMatchObject({ nodes: expect.any(Array) })
  })

  it('says what is there instead of a profile', async () => {
    await using app = await testApp(DeskModule).boot()
    const url = await app.url()

    await expect(app.application.run('profile', { options: { url } })).rejects.toThrow(
      'gives no profile: it answers 404.',
    )
    await expect(app.application.run('profile', { options: { url, token: 'x' } })).rejects.toThrow('it answers 403.')
    await expect(app.application.run('profile', { options: { url: 'http://127.0.0.1:9' } })).rejects.toThrow(
      'it cannot be reached.',
    )
  })
})

describe('The log', () => {
  it('carries trace, user and endpoint on every line, and changes its level while it runs', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tenon-observability-'))
    const file = join(folder, 'log')
    const env = {
      TENON_ENV: 'staging',
      DATABASE_URL: 'sqlite::memory:',
      LOG_FILE: file,
      LOG_FORMAT: 'json',
      LOG_LEVEL: 'info',
    }
    const app: Application = await createApp(DeskModule, { env, cwd: folder })
    const { url } = await app.listen({ port: 0, host: '127.0.0.1', handleSignals: false })
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00'

    await (await fetch(`${url}/notes`, { headers: { traceparent } })).text()
    app.get(LogControl).setLevel('error')
    await (await fetch(`${url}/notes`)).text()
    await (await fetch(`${url}/notes/broken`)).text()
    await app.close()

    const lines = (await readFile(file, 'utf8'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Line)
    await rm(folder, { recursive: true })
    const [access, failure, ...more] = lines.filter(({ message }) => message.includes('/notes'))
    expect(access).toMatchObject({
      message: 'GET /notes 200',
      traceId: '0af7651916cd43dd8448eb211c80319c',
      spanId: expect.stringMatching(/^[0-9a-f]{16}$/),
      endpoint: 'NotesController.list',
    })
    expect(failure).toMatchObject({
      level: 'error',
      message: 'GET /notes/broken failed.',
      endpoint: 'NotesController.broken',
    })
    expect(failure!.traceId).toBe(failure!.requestId.replaceAll('-', ''))
    expect(more).toEqual([])
  })
})

interface Line {
  readonly message: string
  readonly traceId: string
  readonly requestId: string
}
