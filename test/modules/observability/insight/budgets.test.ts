import { Controller, Get, Module, Public } from 'tenon'
import { Budget, expectBudgets } from 'tenon/observability'
import { testApp, type TestApp } from 'tenon/testing'

import { DeskModule, Notes } from '../desk.ts'

@Controller('/thrifty')
@Public('A test.')
@Budget({ queries: 2 })
class ThriftyController {
  constructor(private readonly notes: Notes) {}

  @Get('/within')
  async within(): Promise<string> {
    await this.notes.count()
    await this.notes.findOneBy({ id: 1 })
    return 'within'
  }

  @Get('/beyond')
  async beyond(): Promise<string> {
    for (const id of [1, 2, 3]) await this.notes.findOneBy({ id })
    return 'beyond'
  }

  @Get('/allowed')
  @Budget({ queries: 3, p99: 60_000 })
  allowed(): Promise<string> {
    return this.beyond()
  }

  @Get('/slow')
  @Budget({ p99: 1 })
  async slow(): Promise<string> {
    await new Promise((resolve) => setTimeout(resolve, 5))
    return 'slow'
  }
}

@Module({ imports: [DeskModule], controllers: [ThriftyController] })
class ThriftyModule {}

async function statuses(app: TestApp, ...paths: readonly string[]): Promise<readonly number[]> {
  const found: number[] = []
  for (const path of paths) found.push((await app.request(path)).status)
  return found
}

describe('@Budget', () => {
  it('fails a call with more statements than allowed, and lists them with the lines that asked', async () => {
    await using app = await testApp(ThriftyModule).boot()

    expect(await statuses(app, '/thrifty/within', '/thrifty/beyond')).toEqual([200, 500])

    const [line] = app.logs.at('error')
    const { message, code } = line!.fields['error'] as Error & { readonly code: string }
    expect(code).toBe('OBSERVABILITY_QUERY_BUDGET_EXCEEDED')
    expect(message).toMatch(/^ThriftyController\.beyond has a budget of 2 statements and sent 3:\n/)
    expect(message.match(/budgets\.test\.ts:\d+:\d+ {2}SELECT/g)).toHaveLength(3)
  })

  it('of a method stands above that of its class', async () => {
    await using app = await testApp(ThriftyModule).boot()

    expect(await statuses(app, '/thrifty/allowed')).toEqual([200])
  })

  it('holds in tests alone', async () => {
    await using app = await testApp(ThriftyModule).env({ TENON_ENV: 'staging', DATABASE_URL: 'sqlite::memory:' }).boot()

    expect(await statuses(app, '/thrifty/beyond')).toEqual([200])
  })

  it('of time fails the test that asks, once there are enough calls to speak of', async () => {
    await using app = await testApp(ThriftyModule).boot()
    for (let call = 0; call < 19; call += 1) await app.request('/thrifty/slow')
    expect(() => expectBudgets(app)).not.toThrow()

    await app.request('/thrifty/slow')

    expect(() => expectBudgets(app)).toThrow(/ThriftyController\.slow took [\d.]+ ms where 1 ms are allowed$/)
  })
})
