import { mkdtempSync } from 'node:fs'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { Controller, Get, HttpCode, Module } from 'tenon'
import { ContractGuard, ContractModule, type Change } from 'tenon/contract'
import { testApp } from 'tenon/testing'
import { IsOptional, IsString, MaxLength } from 'tenon/validation'

import { BROKEN, broken, CleanModule } from './broken-app.ts'
import { contractOf, program, type Shape } from './contracts.ts'

const KEY = 'a key that only the project knows'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tenon-contract-'))
})

afterEach(() => rm(folder, { recursive: true, force: true }))

const BEFORE: Shape = { a: [IsString()], b: [IsOptional(), IsString()] }
const AFTER: Shape = { a: [IsString(), MaxLength(5)], b: [IsOptional(), IsString()] }

function running(shape: Shape, variables: Record<string, string> = {}) {
  return testApp(program(shape))
    .clock('2026-11-21T10:00:00Z')
    .env({ CONTRACT_FOLDER: folder, CONTRACT_KEY: KEY, ...variables })
    .boot()
}

async function written(): Promise<void> {
  await using app = await running(BEFORE)
  await app.application.run('contract:snapshot')
}

const waiving = (id: string, options: Record<string, string> = {}) => ({
  arguments: { change: id },
  options: { reason: 'nobody calls it but us', until: '2026-12-31', ...options },
})

async function breakingId(): Promise<string> {
  await using app = await running(AFTER)
  return (await app.get(ContractGuard).changes()).find(({ severity }) => severity === 'breaking')!.id
}

describe('tenon contract', () => {
  it('writes a contract that people can read, the same each time', async () => {
    await written()
    const first = await readFile(join(folder, 'api.contract.json'), 'utf8')
    await written()

    expect(await readFile(join(folder, 'api.contract.json'), 'utf8')).toBe(first)
    expect(JSON.parse(first)).toMatchObject({
      operations: { 'POST /things': { handler: 'ThingsController.make', access: [] } },
      document: { openapi: '3.1.1' },
    })
  })

  it('fails where callers break, and says what, where, whom and what to do', async () => {
    await written()
    await using app = await running(AFTER)

    const { exitCode, text, data } = await app.application.run('contract:diff')

    expect(exitCode).toBe(1)
    expect(text).toContain('Breaks callers (1)')
    expect(text).toContain('POST /things: body.a maxLength was not said and is 5')
    expect(text).toContain('affects whoever sends body.a to POST /things')
    expect(text).toContain("@Upgrade('1', '2', ThingsController), whose request() takes the old form")
    const [change] = (data as { changes: Change[] }).changes
    expect(change!.at).toMatch(/contracts\.ts:\d+/)
  })

  it('ends well where nothing has changed, or nothing that breaks', async () => {
    await written()
    await using same = await running(BEFORE)
    await using wider = await running({ ...BEFORE, c: [IsOptional(), IsString()] })

    expect(await same.application.run('contract:diff')).toMatchObject({
      exitCode: 0,
      text: 'The contract is as it was.',
    })
    expect(await wider.application.run('contract:diff')).toMatchObject({
      exitCode: 0,
      text: expect.stringContaining('Safe ('),
    })
  })

  it('holds a contract from before clients had names in groups to be the same', async () => {
    @Controller({ path: '/things', tags: ['Shop'] })
    class ThingsController {
      @Get()
      @HttpCode(204)
      list(): void {}
    }
    @Module({ imports: [ContractModule], controllers: [ThingsController] })
    class ShopModule {}
    const now = await contractOf(ShopModule)
    const text = JSON.stringify(now)
    const before = JSON.parse(text.replace('"x-name":"things.list",', '')) as typeof now
    await using app = await testApp(ShopModule).boot()

    expect(text).toContain('"x-name":"things.list"')
    expect(await app.get(ContractGuard).changesSince(before)).toEqual([])
  })

  it('takes a signed waiver until its day, and none that was written by hand', async () => {
    await written()
    const id = await breakingId()
    await using app = await running(AFTER)
    const waived = await app.application.run('contract:waive', waiving(id))
    const passed = await app.application.run('contract:diff')
    await using later = await testApp(program(AFTER))
      .clock('2027-01-01')
      .env({ CONTRACT_FOLDER: folder, CONTRACT_KEY: KEY })
      .boot()
    const ended = await later.application.run('contract:diff')
    await using stranger = await running(AFTER, { CONTRACT_KEY: 'another key of the same length' })
    const forged = await stranger.application.run('contract:diff')
    const file = join(folder, 'waivers.json')
    await writeFile(file, (await readFile(file, 'utf8')).replace('2026-12-31', '2099-12-31'))
    const longer = await app.application.run('contract:diff')

    expect(waived.text).toContain('Waived until 2026-12-31')
    expect([passed, ended, forged, longer].map(({ exitCode }) => exitCode)).toEqual([0, 1, 1, 1])
    expect(passed.text).toContain('until 2026-12-31: nobody calls it but us')
    expect(ended.text).toContain('has ended on 2026-12-31')
    expect(forged.text).toContain('whose signature does not hold')
    expect(longer.text).toContain('whose signature does not hold')
  })

  it('refuses waivers without key, reason, day or change', async () => {
    await written()
    const id = await breakingId()
    await using app = await running(AFTER)
    await using keyless = await running(AFTER, { CONTRACT_KEY: 'short' })
    const refused = (options: Record<string, string>, change = id): Promise<unknown> =>
      app.application.run('contract:waive', waiving(change, options))

    await expect(keyless.application.run('contract:waive', waiving(id))).rejects.toMatchObject({
      code: 'CONTRACT_KEY_MISSING',
    })
    await expect(refused({ reason: 'so' })).rejects.toMatchObject({ code: 'CONTRACT_WAIVER_INVALID' })
    await expect(refused({ until: '2028-01-01' })).rejects.toMatchObject({ code: 'CONTRACT_WAIVER_INVALID' })
    await expect(refused({}, 'ffffffffff')).rejects.toMatchObject({ code: 'CONTRACT_CHANGE_UNKNOWN' })
  })

  it('says what is missing where there is no contract, or none that can be read', async () => {
    await using app = await running(AFTER)
    await expect(app.application.run('contract:diff')).rejects.toMatchObject({ code: 'CONTRACT_MISSING' })

    await writeFile(join(folder, 'api.contract.json'), '{}')
    await expect(app.application.run('contract:diff')).rejects.toMatchObject({ code: 'CONTRACT_UNREADABLE' })
  })

  it('writes a changelog in Markdown', async () => {
    await written()
    await using app = await running(AFTER)
    const file = join(folder, 'CHANGES.md')

    await app.application.run('contract:diff', { options: { changelog: file } })

    const text = await readFile(file, 'utf8')
    expect(text).toContain('## Changes of the API\n\n### Breaks callers\n\n- `POST /things`: body.a maxLength')
    expect(text).toContain('### Safe\n\n- `POST /things`: 201.a')
  })
})

describe('The changelog of exported pages', () => {
  const exported = async (shape: Shape, options: Record<string, string> = {}): Promise<string | undefined> => {
    await using app = await running(shape)
    const out = join(folder, 'docs')
    await app.application.run('docs:export', { options: { out, ...options } })
    return await readFile(join(out, 'changelog.md'), 'utf8').catch(() => undefined)
  }

  it('says what has changed since the contracts were written, here or elsewhere', async () => {
    const silent = await exported(AFTER)
    await written()
    const told = await exported(AFTER)

    expect(silent).toBeUndefined()
    expect(told).toContain('# Changes\n\n## Since the last contract\n\n### Breaks callers\n\n- `POST /things`: body.a')
    // What would have made it safe is for those who make the API.
    expect(told).not.toContain('@Upgrade')
    expect(await exported(AFTER, { against: folder })).toBe(told)
    await expect(exported(AFTER, { against: join(folder, 'nowhere') })).rejects.toMatchObject({
      code: 'CONTRACT_MISSING',
    })
  })
})

describe('tenon test contract', () => {
  it('starts the application on a free port, calls it, and ends with 1 where something is found', async () => {
    await using clean = await testApp(CleanModule).boot()
    await using wrong = await testApp(broken(BROKEN['a missing field']![0])).boot()

    const options = { seed: '7', runs: '10' }
    const good = await clean.application.run('test:contract', { options })
    const bad = await wrong.application.run('test:contract', { options })

    expect(good).toMatchObject({ exitCode: 0, text: expect.stringContaining('with seed 7: 0 findings.') })
    expect(good.text).toContain('Not called, for want of a valid request: POST /things/accounts')
    expect(good.text).not.toContain('for want of credentials')
    expect(bad).toMatchObject({ exitCode: 1, text: expect.stringContaining("curl -i 'http://127.0.0.1:") })
  })

  it('leaves out what it is told to, of a running application as well', async () => {
    await using app = await testApp(CleanModule).boot()
    const options = { seed: '7', runs: '4', url: await app.url() }

    const left = await app.application.run('test:contract', { options: { ...options, skip: 'POST /things/accounts' } })
    const unknown = app.application.run('test:contract', { options: { ...options, skip: 'GET /nowhere' } })

    expect(left).toMatchObject({ exitCode: 0, data: { operations: 5 } })
    expect(left.text).not.toContain('/things/accounts')
    await expect(unknown).rejects.toMatchObject({ code: 'CONTRACT_OPERATION_UNKNOWN' })
  })
})
