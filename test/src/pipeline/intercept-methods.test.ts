import {
  Controller,
  createDecorator,
  ctx,
  Get,
  inject,
  Injectable,
  Interceptor,
  Module,
  OnInit,
  OnReady,
  Service,
  Skip,
  tryCtx,
  Use,
  type Around,
  type CallContext,
  type CallInterceptor,
  type Class,
  type Endpoint,
  type Guard,
  type Next,
  type Outcome,
  type Provider,
} from 'tenon'
import { testApp, type TestApp } from 'tenon/testing'

function boot(providers: readonly Provider[], interceptors: readonly Class[] = []): Promise<TestApp> {
  @Module({ providers, interceptors })
  class TestedModule {}

  return testApp(TestedModule).boot()
}

/** What is thrown, `undefined` included. */
function thrownBy(run: () => unknown): readonly unknown[] {
  try {
    run()
    return []
  } catch (error) {
    return [error]
  }
}

/** Notes the calls that pass. */
const noting =
  (seen: string[], name = ''): Around =>
  (context, next) => {
    seen.push(`${name}${context.endpoint.name}(${context.args.join()})`)
    return next()
  }

describe('An intercepted provider method', () => {
  it("takes part in entries and methods alike with on: 'all', and in neither twice", async () => {
    const seen: string[] = []
    @Interceptor({ on: 'all' })
    class Everywhere {
      forEndpoint({ name, transport, type }: Endpoint): Around | undefined {
        if (type !== Sums && type !== SumsController) return undefined
        return (_, next) => {
          seen.push(`${transport} ${name}`)
          return next()
        }
      }
    }
    @Service()
    class Sums {
      add(one: number, other: number): number {
        return one + other
      }
    }
    @Controller('/sums')
    class SumsController {
      constructor(private readonly sums: Sums) {}

      @Get()
      sum(): object {
        return { sum: this.sums.add(1, 2) }
      }
    }
    @Module({ providers: [Sums], controllers: [SumsController], interceptors: [Everywhere] })
    class SumsModule {}
    await using app = await testApp(SumsModule).boot()

    expect(await (await app.request('/sums')).json()).toEqual({ sum: 3 })
    expect(seen).toEqual(['http SumsController.sum', 'method Sums.add'])
  })

  it('runs what @Use names around it, with its arguments and its result', async () => {
    @Interceptor()
    class Doubling {
      intercept(context: CallContext, next: Next): unknown {
        context.args = context.args.map((each) => Number(each) * 2)
        return Number(next()) + 1
      }
    }

    @Service()
    class Numbers {
      @Use(Doubling)
      sum(a: number, b: number): number {
        return a + b
      }

      plain(a: number): number {
        return a
      }
    }

    await using app = await boot([Numbers])
    const numbers = app.get(Numbers)

    expect(numbers.sum(1, 2)).toBe(7)
    expect(numbers.plain(1)).toBe(1)
    expect(Object.keys(numbers)).toEqual([])
    expect(numbers).toBeInstanceOf(Numbers)
  })

  it('is intercepted when the object calls itself, also by its subclass, and reaches private fields', async () => {
    const seen: string[] = []

    class Base {
      readonly #step = 10

      @Use(noting(seen))
      step(times: number): number {
        return this.#step * times
      }
    }

    @Service()
    class Stepper extends Base {
      readonly #offset = 1

      twice(): number {
        return this.step(2) + this.#offset
      }

      @Use(noting(seen, 'own '))
      override step(times: number): number {
        return super.step(times) + this.#offset
      }
    }

    await using app = await boot([Stepper])

    expect(app.get(Stepper).twice()).toBe(22)
    expect(seen).toEqual(['Stepper.step(2)', 'own Stepper.step(2)'])
  })

  it('stays synchronous, and what it throws or rejects with comes through', async () => {
    const seen: unknown[] = []
    const watching: Around = async (_context, next) => {
      try {
        return await next()
      } catch (error) {
        seen.push((error as Error).message)
        throw error
      }
    }

    @Service()
    class Failing {
      @Use(noting([]))
      now(): never {
        throw new RangeError('now')
      }

      @Use(watching)
      async later(): Promise<never> {
        await Promise.resolve()
        throw new RangeError('later')
      }
    }

    await using app = await boot([Failing])

    expect(() => app.get(Failing).now()).toThrow(RangeError)
    await expect(app.get(Failing).later()).rejects.toThrow(RangeError)
    expect(seen).toEqual(['later'])
  })

  it('may be refused by a guard', async () => {
    @Interceptor()
    class Closed implements Guard {
      decide(): boolean {
        return false
      }
    }

    @Service()
    class Vault {
      @Use(Closed)
      open(): string {
        return 'gold'
      }
    }

    await using app = await boot([Vault])

    expect(() => app.get(Vault).open()).toThrow(expect.objectContaining({ code: 'ACCESS_DENIED' }))
  })

  it('is every method of a class with @Use above it, inherited ones included, except those that skip it', async () => {
    const seen: string[] = []

    @Interceptor()
    class Noting implements CallInterceptor {
      intercept(context: CallContext, next: Next): unknown {
        seen.push(String(context.endpoint.method))
        return next()
      }
    }

    class Base {
      readonly field = () => 'a field'
      get getter(): string {
        return 'a getter'
      }

      inherited(): string {
        return 'inherited'
      }
    }

    @Service()
    @Use(Noting)
    class Everything extends Base {
      own(): string {
        return 'own'
      }

      @Skip(Noting, 'Called in a loop.')
      skipping(): string {
        return 'skipping'
      }
    }

    await using app = await boot([Everything])
    const everything = app.get(Everything)

    expect([
      everything.own(),
      everything.inherited(),
      everything.skipping(),
      everything.field(),
      everything.getter,
    ]).toEqual(['own', 'inherited', 'skipping', 'a field', 'a getter'])
    expect(seen).toEqual(['own', 'inherited'])
  })

  it('is reached by interceptors of the application that name `method`, and asked for once per method', async () => {
    const Cached = createDecorator<number>('test.cached')
    const asked: string[] = []

    @Interceptor({ on: ['method'] })
    class CacheInterceptor {
      forEndpoint(endpoint: Endpoint): Around | undefined {
        if (endpoint.type === Prices) asked.push(`${endpoint.transport} ${endpoint.name}`)
        const value = endpoint.read(Cached)
        return value === undefined ? undefined : () => value
      }
    }

    @Interceptor()
    class EveryEntry {
      intercept(): never {
        throw new Error('A provider method is no entry from outside.')
      }
    }

    @Injectable({ scope: 'transient' })
    class Prices {
      @Cached(42)
      cached(): number {
        return 1
      }

      computed(): number {
        return 2
      }
    }

    await using app = await boot([Prices], [CacheInterceptor, EveryEntry])

    const prices = [app.get(Prices), app.get(Prices)]
    expect(prices.map((each) => [each.cached(), each.computed()])).toEqual([
      [42, 2],
      [42, 2],
    ])
    expect(asked).toEqual(['method Prices.cached', 'method Prices.computed'])
  })

  it('is intercepted on transients as well, those built into singletons included', async () => {
    const seen: string[] = []

    @Injectable({ scope: 'transient' })
    class Worker {
      @Use(noting(seen))
      work(what: string): string {
        return what
      }
    }

    @Injectable()
    class Outer {
      readonly worker = inject(Worker)
    }

    @Injectable({ scope: 'transient' })
    class Passing {
      constructor(readonly worker: Worker) {}
    }

    await using app = await boot([Worker, Outer, Passing])
    app.get(Worker).work('direct')
    app.get(Passing).worker.work('passing')
    app.get(Outer).worker.work('held')

    expect(seen).toEqual(['Worker.work(direct)', 'Worker.work(passing)', 'Worker.work(held)'])
  })

  it('leaves routes to the pipeline of their endpoint, and other methods of a controller to themselves', async () => {
    const seen: string[] = []

    @Interceptor()
    class Closing implements Guard {
      decide(context: CallContext): boolean {
        seen.push(`${context.endpoint.transport} ${context.endpoint.name}`)
        return context.user !== undefined
      }
    }

    @Controller('/')
    @Use(Closing)
    class HomeController {
      readonly #events: string[] = []

      @OnInit()
      open(): void {
        this.#events.push('opened')
      }

      @OnReady()
      @Use(noting(seen, 'method '))
      go(): void {
        this.#events.push('ready')
      }

      @Get('/')
      home(): string {
        return this.#events.join()
      }
    }

    @Module({ controllers: [HomeController] })
    class HomeModule {}

    await using app = await testApp(HomeModule).boot()

    expect((await app.request('/')).status).toBe(403)
    expect(await (await app.as({ id: 'ann' }).request('/')).text()).toBe('opened,ready')
    expect(seen).toEqual(['method HomeController.go()', 'http HomeController.home', 'http HomeController.home'])
  })
})

describe('The context of a provider method', () => {
  it('is the call around it: its id, log, headers, values and outcome', async () => {
    const outcomes: Outcome[] = []
    const ids: string[] = []

    @Service()
    class Inner {
      @Use((context, next) => {
        ids.push(context.id, ctx().id)
        context.onSettled((outcome) => outcomes.push(outcome))
        context.log.info('inside')
        return `${context.header('x-name')} of ${context.user?.id}: ${String(next())}`
      })
      call(): string {
        return ctx().endpoint.name
      }
    }

    @Controller('/')
    class HomeController {
      constructor(readonly inner: Inner) {}

      @Get('/')
      home(): string {
        const answer = this.inner.call()
        if (outcomes.length > 0) throw new Error('The outcome of the call came before its end.')
        return answer
      }
    }

    @Module({ controllers: [HomeController], providers: [Inner] })
    class HomeModule {}

    await using app = await testApp(HomeModule).boot()
    const headers = { 'x-name': 'call', 'x-request-id': 'abc' }
    const response = await app.as({ id: 'ann' }).request('/', { headers })

    expect(await response.text()).toBe('call of ann: HomeController.home')
    expect(ids).toEqual(['abc', 'abc'])
    expect(app.logs.lines.find(({ message }) => message === 'inside')?.fields).toMatchObject({ requestId: 'abc' })
    await app.close()
    expect(outcomes).toEqual([{ status: 200, error: undefined, durationMs: expect.any(Number) }])
  })

  it('is a call of its own outside of any, with an id, an outcome and an end', async () => {
    const outcomes: Outcome[] = []
    const ids: (string | undefined)[] = []

    @Service()
    class Job {
      @Use((context, next) => {
        context.onSettled((outcome) => outcomes.push(outcome))
        ids.push(context.id, context.header('x-name'))
        return next()
      })
      run(how: string): unknown {
        ids.push(ctx().id)
        if (how === 'throw') throw new RangeError(how)
        if (how === 'undefined') throw undefined
        return how === 'reject' ? Promise.reject(new RangeError(how)) : Promise.resolve(ctx().id)
      }
    }

    await using app = await boot([Job])
    const job = app.get(Job)

    expect(await job.run('resolve')).toBe(ids[0])
    expect(ids).toEqual([ids[0], undefined, ids[0]])
    expect(ids[0]).toMatch(/^[\da-f-]{36}$/)
    expect(tryCtx()).toBeUndefined()
    expect(() => job.run('throw')).toThrow('throw')
    await expect(job.run('reject')).rejects.toThrow('reject')
    expect(thrownBy(() => job.run('undefined'))).toEqual([undefined])
    expect(outcomes.map(({ status, error }) => [status, (error as Error | undefined)?.message])).toEqual([
      [200, undefined],
      [500, 'throw'],
      [500, 'reject'],
      [500, undefined],
    ])
  })

  it('ends as it would have when a listener of its outcome throws, which is logged', async () => {
    const outcomes: number[] = []

    @Service()
    class Job {
      @Use((context, next) => {
        context.onSettled(() => {
          throw new Error('a bad listener')
        })
        context.onSettled(({ status }) => outcomes.push(status))
        return next()
      })
      run(): string {
        return 'done'
      }
    }

    await using app = await boot([Job])

    expect(app.get(Job).run()).toBe('done')
    expect(outcomes).toEqual([200])
    expect(app.logs.at('error').map(({ message }) => message)).toEqual(["A listener of a call's outcome threw."])
  })

  it('tells a listener that comes late at once', async () => {
    const late: number[] = []
    const kept: CallContext[] = []

    @Service()
    class Job {
      @Use((context, next) => {
        kept.push(context)
        return next()
      })
      run(): string {
        return 'done'
      }
    }

    await using app = await boot([Job])
    app.get(Job).run()
    kept[0]?.onSettled(({ status }) => late.push(status))

    expect(late).toEqual([200])
  })
})
