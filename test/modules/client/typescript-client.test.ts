import { Body, Controller, Get, Module, Post, Returns } from 'tenon'
import { testApp, type TestApp } from 'tenon/testing'
import { Exclude, Expose, IsDate, IsString, Length, Type } from 'tenon/validation'
import { Version, VersioningModule } from 'tenon/versioning'

import { WideModule } from '../openapi/wide-application.ts'
import { ClientModule } from 'tenon/client'
import { calls, ClientAppModule } from './client-app.ts'
import { BROWSER, MadeClient, NODE } from './made-client.ts'

/** The file is made by the test, so its types are looked at by the compiler runs and not here. */
interface Loaded {
  createClient(options?: Record<string, unknown>): any
  isProblem(error: unknown, code?: string): boolean
}

let app: TestApp
let made: MadeClient
let loaded: Loaded
let baseUrl: string

beforeAll(async () => {
  app = await testApp(ClientAppModule).boot()
  made = await MadeClient.of(app)
  loaded = await made.load<Loaded>()
  baseUrl = await app.url()
})

afterAll(async () => {
  await made[Symbol.asyncDispose]()
  await app.close()
})

function client(options: Record<string, unknown> = {}) {
  return loaded.createClient({ baseUrl, ...options })
}

class Greeting {
  @Expose() @IsString() readonly text!: string
}

class SignUp {
  @Expose()
  @Type(() => Date)
  @IsDate()
  readonly at!: Date

  @Exclude({ toPlainOnly: true })
  @Length(3, 30)
  readonly password!: string
}

@Controller('/sign-up')
class SignUpController {
  @Post()
  @Returns(SignUp)
  signUp(@Body() signUp: SignUp): SignUp {
    return signUp
  }
}

@Module({ imports: [ClientModule], controllers: [SignUpController] })
class SignUpModule {}

@Controller('/greeting')
class GreetingController {
  @Get()
  @Version('1')
  @Returns(Greeting)
  old(): Greeting {
    return { text: 'Hello' }
  }

  @Get()
  @Version('2')
  @Returns(Greeting)
  read(): Greeting {
    return { text: 'Good day' }
  }
}

const USES = `
import { createClient, isProblem, type Call, type Order, type OrdersGetProblem } from './api.ts'
const client = createClient({ baseUrl: 'http://localhost' })
export async function use(): Promise<Date> {
  const call: Call<Order, OrdersGetProblem> = client.orders.get({ id: 1 })
  const serial: bigint = (await call).serial
  const result = await client.orders.get({ id: Number(serial) }).result()
  if (result.ok) return result.value.createdAt
  switch (result.problem.code) {
    case 'SHOP_ORDER_MISSING': {
      const status: 404 = result.problem.status
      return new Date(status)
    }
    case 'REQUEST_PARAMETER_INVALID':
    case 'CLIENT_NETWORK': case 'CLIENT_TIMEOUT': case 'CLIENT_ABORTED': case 'CLIENT_ANSWER_UNEXPECTED':
      return new Date(0)
  }
}
export async function more(): Promise<void> {
  for await (const order of client.orders.list.all({ search: 'x' })) console.log(order.createdAt.getTime())
  for await (const { data } of client.files.ticks({ many: 3 })) console.log(data.at.getTime(), data.count)
  const due: Date = new Date()
  await client.orders.place({ body: { title: 'x', amount: 1, to: { street: 's' }, due, serial: 3n, by: 'sea' } })
  await client.files.store({ body: { title: 'x', file: new Blob([]) } }, { onUploadProgress: ({ sentBytes }) => sentBytes })
  const nothing: void = await client.orders.cancel({ id: 1 })
  console.log(nothing, await (await client.files.fetch({ name: 'x' })).text())
  try { await client.vault.look() } catch (error) { if (isProblem(error, 'HTTP_UNAUTHORIZED')) { const code: 'HTTP_UNAUTHORIZED' = error.code; console.log(code) } }
  const busy = await client.weather.busy({ name: 'x', seconds: 1 }).result()
  if (!busy.ok && busy.problem.code === 'WEATHER_BUSY') { const seconds: number | undefined = busy.problem.retryAfter; console.log(seconds) }
  if (!busy.ok && busy.problem.code === 'WEATHER_BUSY') { const queue: { readonly length: number } = busy.problem.queue; console.log(queue) }
  // @ts-expect-error: This one passes for nobody.
  if (!busy.ok && busy.problem.code === 'REQUEST_PARAMETER_INVALID') console.log(busy.problem.retryAfter)
  // @ts-expect-error: The order must be named.
  await client.orders.get()
  // @ts-expect-error: Nothing goes by rail.
  await client.orders.place({ body: { title: 'x', amount: 1, to: { street: 's' }, by: 'rail' } })
  // @ts-expect-error: It is a number.
  await client.orders.get({ id: 'one' })
}
`

describe('The client in TypeScript', () => {
  it.each([
    ['browsers', BROWSER],
    ['Node', NODE],
  ])(
    'is clean in strict mode for %s, and says what goes in, what comes out and what may be refused',
    async (_name, platform) => {
      const complaints = await made.complaints(
        platform,
        `declare const console: { log(...values: unknown[]): void }\n${USES}`,
      )

      // Node and the DOM declare a console of their own; a module may have one, too.
      expect(complaints).toBe('')
    },
  )

  it('of an application that uses everything is clean in strict mode', async () => {
    await using other = await testApp(WideModule, ClientModule).boot()
    await using file = await MadeClient.of(other)

    expect(await file.complaints(BROWSER)).toBe('')
    expect(await file.complaints(NODE)).toBe('')
  })

  it('calls nothing by the name of a model', async () => {
    await using other = await testApp(SignUpModule).boot()
    await using file = await MadeClient.of(other)
    const uses = `
      import { createClient, type SignUp, type SignUpInput, type SignUpOperationInput } from './api.ts'
      const at = new Date()
      const body: SignUpInput = { at, password: 'secret' }
      const input: SignUpOperationInput = { body }
      export const use = async (): Promise<SignUp> => createClient().signUp.signUp(input)
    `

    expect(await file.complaints(NODE, uses)).toBe('')
  })

  it.each(['header', 'query', 'path'] as const)('names its version in the %s', async (from) => {
    const settings = VersioningModule.with({ from, defaultVersion: '2' })
    @Module({ imports: [ClientModule, settings], controllers: [GreetingController] })
    class GreetingModule {}
    await using other = await testApp(GreetingModule).boot()
    await using old = await MadeClient.of(other, '1')
    await using today = await MadeClient.of(other)
    const options = { baseUrl: await other.url() }

    expect(await (await old.load<Loaded>()).createClient(options).greeting.old()).toEqual({ text: 'Hello' })
    expect(await (await today.load<Loaded>()).createClient(options).greeting.read()).toEqual({ text: 'Good day' })
  })

  it('answers values with days and bigints, and throws problems that can be told apart', async () => {
    const order = await client().orders.get({ id: 2 })
    const failed = client().orders.get({ id: 99 })

    expect(order).toEqual({
      id: 2,
      title: 'Order 2',
      createdAt: new Date('2026-01-02'),
      serial: 9_007_199_254_740_995n,
    })
    await expect(failed).rejects.toMatchObject({ name: 'ApiError', code: 'SHOP_ORDER_MISSING', status: 404 })
    expect(loaded.isProblem(await failed.catch((error: unknown) => error), 'SHOP_ORDER_MISSING')).toBe(true)
    expect(loaded.isProblem(await failed.catch((error: unknown) => error), 'SHOP_OTHER')).toBe(false)
  })

  it('answers a result where nothing is to be thrown', async () => {
    expect(await client().orders.get({ id: 1 }).result()).toMatchObject({ ok: true, status: 200, value: { id: 1 } })
    expect(await client().orders.get({ id: 99 }).result()).toMatchObject({
      ok: false,
      problem: { code: 'SHOP_ORDER_MISSING', detail: 'There is no order 99.' },
    })
    expect(await client().weather.other().result()).toMatchObject({
      ok: false,
      problem: {
        code: 'CLIENT_ANSWER_UNEXPECTED',
        status: 403,
        answer: { code: 'HTTP_FORBIDDEN', detail: 'Not foreseen.' },
      },
    })
    expect(await client().orders.cancel({ id: 1 })).toBeUndefined()
  })

  it('reads all pages, numbered or with a cursor, and stops where the reader stops', async () => {
    const numbered: number[] = []
    for await (const { id } of client().orders.list.all()) numbered.push(id)
    const strips: number[] = []
    for await (const { items } of client().orders.strip.pages()) strips.push(items.length)
    const some: number[] = []
    for await (const { id } of client().orders.strip.all({ after: '3' })) {
      some.push(id)
      if (some.length === 3) break
    }

    expect(numbered).toEqual([1, 2, 3, 4, 5, 6, 7])
    expect(strips).toEqual([2, 2, 2, 1])
    expect(some).toEqual([4, 5, 6])
  })

  it('repeats what is safe, and what has an idempotency key, always with the same one', async () => {
    const { weather } = client()
    const make = (name: string, options?: object) => weather.make({ name, failures: 2 }, options).result()

    expect(await weather.read({ name: 'a', failures: 2 })).toMatchObject({ count: 3 })
    expect(await weather.write({ name: 'b', failures: 2 })).toMatchObject({ count: 3 })
    expect(await make('c')).toMatchObject({ ok: false, problem: { status: 503 } })
    expect(calls.get('c')).toBe(1)
    expect(await make('d', { idempotencyKey: 'key-1' })).toMatchObject({ ok: true, value: { count: 3 } })
    expect(calls.get('d key-1')).toBe(3)
    expect(await weather.makeOnce({ failures: 2 })).toMatchObject({ count: 3 })
    expect(await weather.read({ name: 'e', failures: 9 }, { retries: 1 }).result()).toMatchObject({ ok: false })
    expect(calls.get('e')).toBe(2)
  })

  it('waits as long as it is told, and not at all where that is longer than it may take', async () => {
    const startedAt = Date.now()
    expect(await client().weather.busy({ name: 'busy', seconds: 1 })).toMatchObject({ count: 2 })
    expect(Date.now() - startedAt).toBeGreaterThanOrEqual(990)

    const told = await client().weather.busy({ name: 'busier', seconds: 60 }).result()
    expect(told).toMatchObject({ ok: false, problem: { code: 'WEATHER_BUSY', retryAfter: 60, queue: { length: 7 } } })
    expect(calls.get('busier')).toBe(1)
  })

  it('gives up in time, or when it is told to', async () => {
    const controller = new AbortController()
    const aborted = client().weather.slow({}, { signal: controller.signal }).result()
    controller.abort()

    expect(await client().weather.slow({}, { timeoutMs: 50 }).result()).toMatchObject({
      ok: false,
      problem: { code: 'CLIENT_TIMEOUT' },
    })
    expect(await aborted).toMatchObject({ ok: false, problem: { code: 'CLIENT_ABORTED' } })
    const nowhere = loaded.createClient({ baseUrl: 'http://127.0.0.1:9', retries: 0 })
    expect(await nowhere.orders.get({ id: 1 }).result()).toMatchObject({
      ok: false,
      problem: { code: 'CLIENT_NETWORK' },
    })
  })

  it('asks for a new token once, however many calls wait for it', async () => {
    let asked = 0
    const { vault } = client({
      token: () => 'stale',
      onTokenRefused: async () => {
        asked += 1
        await new Promise((resolve) => setTimeout(resolve, 20))
        return 'good-new'
      },
    })

    const answers = await Promise.all(Array.from({ length: 8 }, () => vault.look()))

    expect(answers).toHaveLength(8)
    expect(asked).toBe(1)
    expect(await vault.look().result()).toMatchObject({ ok: true })
    expect(asked).toBe(1)
    const helpless = client({ token: 'stale', onTokenRefused: () => undefined })
      .vault.look()
      .result()
    expect(await helpless).toMatchObject({ ok: false, problem: { code: 'HTTP_UNAUTHORIZED' } })
  })

  it('asks for more proof where the application wants it', async () => {
    const challenges: string[] = []
    const onStepUp = ({ challenge }: { challenge: string }) => {
      challenges.push(challenge)
      return 'good-strong'
    }

    expect(await client({ token: 'good-weak', onStepUp }).vault.open()).toMatchObject({ count: 1 })
    expect(challenges).toEqual([expect.stringContaining('acr_values="mfa"')])
    const declined = client({ token: 'good-weak', onStepUp: () => false })
      .vault.open()
      .result()
    expect(await declined).toMatchObject({ ok: false, problem: { status: 401 } })
  })

  it('uploads with progress, and downloads with the name of the file', async () => {
    const progress: { sentBytes: number; totalBytes: number }[] = []
    const file = new File([new Uint8Array(300_000)], 'a.bin', { type: 'image/png' })

    const stored = await client().files.store(
      { body: { file, title: 'A picture' } },
      { onUploadProgress: (each: (typeof progress)[number]) => progress.push(each) },
    )
    const download = await client().files.fetch({ name: 'client-app.js' })

    expect(stored).toEqual({ title: 'A picture', bytes: 300_000, type: 'image/png' })
    expect(progress.length).toBeGreaterThan(1)
    expect(progress.at(-1)!.sentBytes).toBe(progress.at(-1)!.totalBytes)
    expect(download).toMatchObject({ name: 'über client-app.js.txt', type: 'text/plain', status: 200 })
    expect(await download.text()).toContain('class FilesController')
  })

  it('reads events, and goes on where the line went dead', async () => {
    const events: unknown[] = []
    for await (const { data, id, event } of client().files.ticks({ many: 4 }))
      events.push([id, event, data.count, data.at])

    const at = new Date(0)
    expect(events).toEqual([1, 2, 3, 4].map((each) => [String(each), 'tick', each, at]))
  }, 20_000)
})
