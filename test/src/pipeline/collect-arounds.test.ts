import {
  allow,
  Controller,
  deny,
  Get,
  Injectable,
  Interceptor,
  Module,
  Skip,
  Use,
  type Around,
  type CallContext,
  type CallInterceptor,
  type Class,
  type Decision,
  type Endpoint,
  type Guard,
  type InterceptorOptions,
  type Next,
} from 'tenon'
import { MemoryLogger, testApp } from 'tenon/testing'

/** An interceptor that puts its name around the answer. */
function wrapping(name: string, options: InterceptorOptions = {}): Class<CallInterceptor> {
  @Interceptor(options)
  class Wrapping implements CallInterceptor {
    async intercept(_context: CallContext, next: Next): Promise<unknown> {
      return `${name}(${String(await next())})`
    }
  }
  return Wrapping
}

const wrap =
  (name: string): Around =>
  async (_context, next) =>
    `${name}(${String(await next())})`

async function answerOf(modules: readonly [Class, ...Class[]], path = '/'): Promise<string> {
  await using app = await testApp(...modules).boot()
  const response = await app.request(path)
  return await response.text()
}

describe('The pipeline', () => {
  it('runs phases in their order, whatever the order of the decorators', async () => {
    const phases = [
      'transact',
      'around',
      'validate',
      'authorize',
      'authenticate',
      'context',
      'protect',
      'observe',
    ] as const

    @Controller('/')
    @Use(...phases.slice(0, 4).map((phase) => wrapping(phase, { phase })))
    class HomeController {
      @Get('/')
      @Use(...phases.slice(4).map((phase) => wrapping(phase, { phase })))
      home(): string {
        return 'home'
      }
    }

    @Module({ controllers: [HomeController] })
    class HomeModule {}

    expect(await answerOf([HomeModule])).toBe(
      'observe(protect(context(authenticate(authorize(validate(around(transact(home))))))))',
    )
  })

  it('goes from the application to the root, the module, the class and the method within a phase', async () => {
    @Controller('/')
    @Use(wrap('class'), wrap('class too'))
    class HomeController {
      @Get('/')
      @Use(wrap('method'))
      @Use(wrap('method too'))
      home(): string {
        return 'home'
      }
    }

    @Module({ controllers: [HomeController], interceptors: [wrapping('application')] })
    @Use(wrap('module'))
    class HomeModule {}

    @Module({ imports: [HomeModule] })
    @Use(wrap('root'))
    class RootModule {}

    expect(await answerOf([RootModule])).toBe('application(root(module(class(class too(method(method too(home)))))))')
  })

  it('lets `order` decide within a phase before the place where it was written', async () => {
    @Controller('/')
    @Use(wrapping('late', { order: 5 }), wrapping('plain'))
    class HomeController {
      @Get('/')
      @Use(wrapping('early', { order: -5 }), wrap('function'))
      home(): string {
        return 'home'
      }
    }

    @Module({ controllers: [HomeController] })
    class HomeModule {}

    expect(await answerOf([HomeModule])).toBe('early(plain(function(late(home))))')
  })

  it('keeps to the controllers of a module what the module uses', async () => {
    @Controller('/inner')
    class InnerController {
      @Get('/')
      get(): string {
        return 'inner'
      }
    }

    @Module({ controllers: [InnerController] })
    @Use(wrap('module'))
    class InnerModule {}

    @Controller('/outer')
    class OuterController {
      @Get('/')
      get(): string {
        return 'outer'
      }
    }

    @Module({ controllers: [OuterController], imports: [InnerModule] })
    class OuterModule {}

    expect(await answerOf([OuterModule], '/inner')).toBe('module(inner)')
    expect(await answerOf([OuterModule], '/outer')).toBe('outer')
  })

  it('runs an interceptor once that is used at several places', async () => {
    const Once = wrapping('once')
    const same = wrap('function')

    @Controller('/')
    @Use(Once, same)
    class HomeController {
      @Get('/')
      @Use(Once, same)
      home(): string {
        return 'home'
      }
    }

    @Module({ controllers: [HomeController], interceptors: [Once] })
    class HomeModule {}

    expect(await answerOf([HomeModule])).toBe('once(function(home))')
  })

  it('takes part only at the entries it names', async () => {
    @Controller('/')
    class HomeController {
      @Get('/')
      home(): string {
        return 'home'
      }
    }

    @Module({
      controllers: [HomeController],
      interceptors: [wrapping('http', { on: ['http'] }), wrapping('job', { on: ['job', 'ws'] }), wrapping('any')],
    })
    class HomeModule {}

    expect(await answerOf([HomeModule])).toBe('http(any(home))')
  })

  it('holds for inherited handlers as the base class says, and for overridden ones too', async () => {
    class BaseController {
      @Get('/kept')
      @Use(wrap('base'))
      kept(): string {
        return 'kept'
      }

      @Get('/changed')
      @Use(wrap('base'))
      changed(): string {
        return 'changed'
      }
    }

    @Controller('/items')
    @Use(wrap('class'))
    class ItemsController extends BaseController {
      @Use(wrap('own'))
      override changed(): string {
        return 'changed here'
      }
    }

    @Module({ controllers: [ItemsController] })
    class ItemsModule {}

    expect(await answerOf([ItemsModule], '/items/kept')).toBe('class(base(kept))')
    expect(await answerOf([ItemsModule], '/items/changed')).toBe('class(base(own(changed here)))')
  })
})

describe('forEndpoint', () => {
  it('is asked once per endpoint at boot; without an answer the endpoint runs without it', async () => {
    const asked: string[] = []
    const called: string[] = []

    @Interceptor()
    class Choosy {
      forEndpoint(endpoint: Endpoint): Around | undefined {
        asked.push(endpoint.name)
        if (endpoint.method !== 'chosen') return undefined
        return (context, next) => {
          called.push(context.endpoint.name)
          return next()
        }
      }
    }

    @Controller('/')
    class HomeController {
      @Get('/chosen')
      chosen(): string {
        return 'chosen'
      }

      @Get('/other')
      other(): string {
        return 'other'
      }
    }

    @Module({ controllers: [HomeController], interceptors: [Choosy] })
    class HomeModule {}

    await using app = await testApp(HomeModule).boot()
    for (const path of ['/chosen', '/other', '/chosen', '/nowhere']) await app.request(path)
    await app.application.handler()

    expect(asked.filter((name) => name.startsWith('HomeController'))).toEqual([
      'HomeController.chosen',
      'HomeController.other',
    ])
    expect(new Set(asked).size).toBe(asked.length)
    expect(called).toEqual(['HomeController.chosen', 'HomeController.chosen'])
  })
})

describe('A guard', () => {
  const guarding = (decision: Decision | boolean | Promise<Decision | boolean>): Class<Guard> => {
    @Interceptor({ phase: 'authorize' })
    class DecidingGuard implements Guard {
      decide(): Decision | boolean | Promise<Decision | boolean> {
        return decision
      }
    }
    return DecidingGuard
  }

  async function ask(guard: Class<Guard>): Promise<{ status: number; body: string; handled: number }> {
    let handled = 0

    @Controller('/')
    @Use(guard)
    class HomeController {
      @Get('/')
      home(): string {
        handled += 1
        return 'home'
      }
    }

    @Module({ controllers: [HomeController] })
    class HomeModule {}

    await using app = await testApp(HomeModule).boot()
    const response = await app.request('/')
    return { status: response.status, body: await response.text(), handled }
  }

  it.each([
    ['true', () => true],
    ['allow()', () => allow()],
    ['a promise of true', () => Promise.resolve(true)],
    ['a promise of allow()', () => Promise.resolve(allow())],
  ])('lets the call pass with %s', async (_name, decision) => {
    expect(await ask(guarding(decision()))).toEqual({ status: 200, body: 'home', handled: 1 })
  })

  it.each([
    ['false', () => false, 'This is not allowed.'],
    ['deny()', () => deny('Only on Mondays.'), 'Only on Mondays.'],
    ['a promise of false', () => Promise.resolve(false), 'This is not allowed.'],
    ['a promise of deny()', () => Promise.resolve(deny('Only on Mondays.')), 'Only on Mondays.'],
  ])('refuses the call with %s before the handler', async (_name, decision, detail) => {
    const { status, body, handled } = await ask(guarding(decision()))

    expect(status).toBe(403)
    expect(JSON.parse(body)).toMatchObject({ code: 'ACCESS_DENIED', detail })
    expect(handled).toBe(0)
  })

  it('refuses the call when it answers nothing at all', async () => {
    const { status, handled } = await ask(guarding(undefined as unknown as boolean))

    expect(status).toBeGreaterThanOrEqual(403)
    expect(handled).toBe(0)
  })
})

describe('@Skip', () => {
  const Base = wrapping('base')

  @Interceptor()
  class Derived extends Base {}

  const instance = new Derived()

  it('leaves out a class, those that extend it and their instances, but no functions', async () => {
    @Controller('/')
    class HomeController {
      @Get('/all')
      @Use(instance)
      all(): string {
        return 'all'
      }

      @Get('/none')
      @Use(instance)
      @Skip(Base, 'Shown without decoration.')
      none(): string {
        return 'none'
      }

      @Get('/some')
      @Skip(Derived, 'Only one of them.')
      some(): string {
        return 'some'
      }
    }

    @Module({ controllers: [HomeController], interceptors: [Base, Derived] })
    @Use(wrap('function'))
    class HomeModule {}

    expect(await answerOf([HomeModule], '/all')).toBe('base(base(function(base(all))))')
    expect(await answerOf([HomeModule], '/none')).toBe('function(none)')
    expect(await answerOf([HomeModule], '/some')).toBe('base(function(some))')
  })

  it('holds for all endpoints of a class or a module', async () => {
    @Controller('/class')
    @Skip(Base, 'Shown without decoration.')
    class SkippingController {
      @Get('/')
      get(): string {
        return 'class'
      }
    }

    @Controller('/module')
    class PlainController {
      @Get('/')
      get(): string {
        return 'module'
      }
    }

    @Module({ controllers: [PlainController] })
    @Skip(Base, 'Shown without decoration.')
    class SkippingModule {}

    @Module({ controllers: [SkippingController], imports: [SkippingModule], interceptors: [Base] })
    class RootModule {}

    expect(await answerOf([RootModule], '/class')).toBe('class')
    expect(await answerOf([RootModule], '/module')).toBe('module')
  })
})

describe('next', () => {
  it('fails when it is called twice, naming who did it', async () => {
    @Interceptor()
    class Impatient {
      async intercept(_context: CallContext, next: Next): Promise<unknown> {
        await next()
        return next()
      }
    }

    @Controller('/')
    class HomeController {
      @Get('/')
      @Use(Impatient)
      home(): string {
        return 'home'
      }
    }

    @Module({ controllers: [HomeController] })
    class HomeModule {}

    await using app = await testApp(HomeModule).boot()
    const response = await app.request('/')

    expect(response.status).toBe(500)
    expect(await response.json()).toMatchObject({ code: 'PIPELINE_NEXT_CALLED_TWICE' })
    expect(app.logs.at('error')[0]?.fields['error']).toMatchObject({
      message: 'Impatient called next() twice for HomeController.home.',
    })
  })

  it('may be left out: then the handler is never called', async () => {
    const handled: string[] = []

    @Controller('/')
    class HomeController {
      @Get('/')
      @Use(() => 'from the cache')
      home(): string {
        handled.push('home')
        return 'home'
      }
    }

    @Module({ controllers: [HomeController] })
    class HomeModule {}

    expect(await answerOf([HomeModule])).toBe('from the cache')
    expect(handled).toEqual([])
  })

  it('brings errors of the handler to every interceptor outside of it', async () => {
    const seen: string[] = []
    const watching =
      (name: string): Around =>
      async (_context, next) => {
        try {
          return await next()
        } catch (error) {
          seen.push(`${name}: ${(error as Error).message}`)
          throw error
        }
      }

    @Injectable()
    class Service {
      fail(): never {
        throw new Error('broken')
      }
    }

    @Controller('/')
    @Use(watching('outer'), watching('inner'))
    class HomeController {
      constructor(readonly service: Service) {}

      @Get('/')
      home(): string {
        return this.service.fail()
      }
    }

    @Module({ controllers: [HomeController], providers: [Service] })
    class HomeModule {}

    await using app = await testApp(HomeModule).boot()

    expect((await app.request('/')).status).toBe(500)
    expect(seen).toEqual(['inner: broken', 'outer: broken'])
    expect(app.logs.at('error')).toHaveLength(1)
    expect(app.logs).toBeInstanceOf(MemoryLogger)
  })
})
