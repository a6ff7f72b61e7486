import { once } from 'node:events'
import { connect } from 'node:net'

import fc from 'fast-check'
import {
  ContextKey,
  Controller,
  Ctx,
  ctx,
  Get,
  Injectable,
  Interceptor,
  Module,
  Query,
  tryCtx,
  Use,
  type CallContext,
  type Next,
  type Principal,
} from 'tenon'
import { testApp, type TestApp } from 'tenon/testing'

const NUMBER = new ContextKey<number>('test.number')
const WORD = new ContextKey<string | null>('test.word')
const LIST = new ContextKey<readonly number[]>('test.list')
const UNSET = new ContextKey<string>('test.unset')

const pause = (turns: number): Promise<void> =>
  turns <= 0 ? Promise.resolve() : new Promise((resolve) => setImmediate(() => void pause(turns - 1).then(resolve)))

@Interceptor({ phase: 'context' })
class NumberInterceptor {
  intercept(context: CallContext, next: Next): unknown {
    context.set(NUMBER, Number(context.header('X-Number')))
    context.tenant = `t${context.header('x-number')}`
    return next()
  }
}

@Injectable()
class Deep {
  async read(turns: number): Promise<{ id: string; number: number; tenant: string | undefined; user: unknown }> {
    await pause(turns)
    const context = ctx()
    return { id: context.id, number: context.require(NUMBER), tenant: context.tenant, user: context.user?.id ?? null }
  }
}

@Controller('/')
@Use(NumberInterceptor)
class DeepController {
  constructor(readonly deep: Deep) {}

  @Get('/deep')
  async get(@Query('turns') turns: number, @Ctx() context: CallContext): Promise<unknown> {
    const before = ctx() === context
    const [read, again] = await Promise.all([this.deep.read(turns), this.deep.read(1)])
    const timer = new Promise<string>((resolve) => setTimeout(() => resolve(ctx().id), 1))
    return { ...read, same: before && ctx() === context, again: again.number, timer: (await timer) === context.id }
  }

  @Get('/missing')
  missing(): string {
    return ctx().get(UNSET) ?? ctx().require(UNSET)
  }
}

@Module({ controllers: [DeepController], providers: [Deep] })
class DeepModule {}

describe('ctx', () => {
  it('is the context of the call across every await, and calls in parallel never mix', async () => {
    await using app = await testApp(DeepModule).boot()
    const calls = fc.array(fc.record({ number: fc.nat(), turns: fc.integer({ min: 0, max: 6 }) }), {
      minLength: 2,
      maxLength: 12,
    })

    await fc.assert(
      fc.asyncProperty(calls, async (asked) => {
        const answers = await Promise.all(
          asked.map(async ({ number, turns }) => {
            const headers = { 'x-number': String(number), 'x-request-id': `call-${number}` }
            const response = await app.as({ id: `user-${number}` }).request(`/deep?turns=${turns}`, { headers })
            return response.json()
          }),
        )

        expect(answers).toEqual(
          asked.map(({ number }) => ({
            id: `call-${number}`,
            number,
            tenant: `t${number}`,
            user: `user-${number}`,
            same: true,
            again: number,
            timer: true,
          })),
        )
      }),
      { numRuns: 15 },
    )
  })

  it('is refused outside of any call, where tryCtx answers undefined', () => {
    expect(() => ctx()).toThrow(expect.objectContaining({ code: 'CONTEXT_MISSING' }))
    expect(tryCtx()).toBeUndefined()
  })

  it('says which value is missing where', async () => {
    await using app = await testApp(DeepModule).boot()

    const response = await app.request('/missing')

    expect(await response.json()).toMatchObject({ status: 500, code: 'CONTEXT_VALUE_MISSING' })
    expect(app.logs.at('error')[0]?.fields['error']).toMatchObject({
      message: 'DeepController.missing needs "test.unset" in its context, and no interceptor has set it.',
    })
  })
})

describe('CallContext', () => {
  it('carries principal, tenant, version, locale and typed values from interceptors to the handler', async () => {
    const principal: Principal = { id: 'ann' }

    @Controller('/')
    @Use((context, next) => {
      Object.assign(context, { principal, tenant: 'acme', version: '2', locale: 'lv', deadline: 9_999_999_999_999 })
      context.set(NUMBER, 7)
      context.set(WORD, null)
      context.set(LIST, [1])
      context.set(NUMBER, 0)
      context.set(LIST, [2])
      return next()
    })
    class HomeController {
      @Get('/')
      home(@Ctx() context: CallContext): unknown {
        const { user, tenant, version, locale, deadline } = context
        return {
          user,
          tenant,
          version,
          locale,
          deadline,
          number: context.get(NUMBER),
          required: context.require(NUMBER),
          word: context.require(WORD),
          list: context.require(LIST),
          unset: context.get(UNSET) ?? 'unset',
        }
      }
    }

    @Module({ controllers: [HomeController] })
    class HomeModule {}

    await using app = await testApp(HomeModule).boot()

    expect(await (await app.request('/')).json()).toEqual({
      user: { id: 'ann' },
      tenant: 'acme',
      version: '2',
      locale: 'lv',
      deadline: 9_999_999_999_999,
      number: 0,
      required: 0,
      word: null,
      list: [2],
      unset: 'unset',
    })
  })
})

describe('The signal of a call', () => {
  const waiting = (): { app: Promise<TestApp>; reason: Promise<unknown>; entered: Promise<void> } => {
    const entered = Promise.withResolvers<void>()
    const ended = Promise.withResolvers<unknown>()

    @Controller('/')
    class WaitingController {
      @Get('/wait')
      async wait(@Query('deadline') deadlineMs: number, @Ctx() context: CallContext): Promise<string> {
        const { signal } = context
        if (deadlineMs > 0) context.deadline = Date.now() + deadlineMs
        entered.resolve()
        await once(signal, 'abort')
        ended.resolve(signal.reason)
        throw signal.reason
      }
    }

    @Module({ controllers: [WaitingController] })
    class WaitingModule {}

    return { app: testApp(WaitingModule).boot(), reason: ended.promise, entered: entered.promise }
  }

  it('aborts when the caller goes away', async () => {
    const { app: booting, reason, entered } = waiting()
    await using app = await booting
    const socket = connect(Number(new URL(await app.url()).port), '127.0.0.1')
    socket.write('GET /wait?deadline=0 HTTP/1.1\r\nHost: here\r\n\r\n')
    await entered

    socket.destroy()

    expect(await reason).toMatchObject({ code: 'HTTP_CALLER_GONE' })
  })

  it('aborts when the deadline passes, and that is an answer of 504', async () => {
    const { app: booting, reason } = waiting()
    await using app = await booting

    const response = await app.request('/wait?deadline=5')

    expect(await reason).toMatchObject({ code: 'CONTEXT_DEADLINE_PASSED', status: 504 })
    expect(response.status).toBe(504)
  })
})
