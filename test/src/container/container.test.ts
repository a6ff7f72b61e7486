import {
  Container,
  Inject,
  InjectAll,
  Injectable,
  Logger,
  Module,
  Optional,
  Primary,
  Provide,
  Service,
  token,
  type Class,
  type Provider,
} from 'tenon'
import { testApp, type TestApp } from 'tenon/testing'

/** An application of these providers alone. */
function boot(providers: readonly Provider[], ...further: readonly Class[]): Promise<TestApp> {
  @Module({ providers })
  class TestedModule {}

  return testApp(TestedModule, ...further).boot()
}

interface Greeter {
  greet(): string
}

const GREETER = token<Greeter>('Greeter')
const NAME = token<string>('Name')
const NUMBERS = token<number>('Numbers')

abstract class Store {
  abstract readonly kind: string
}

@Injectable()
class MemoryStore extends Store {
  readonly kind = 'memory'
}

@Injectable()
class Engine {}

@Injectable({ scope: 'transient' })
class Ticket {}

describe('Container', () => {
  describe('provider forms', () => {
    it('builds a class with what its constructor asks for, by type and by token', async () => {
      @Service()
      class Car {
        constructor(
          readonly engine: Engine,
          @Inject(NAME) readonly name: string,
        ) {}
      }

      await using app = await boot([Car, Engine, { provide: NAME, useValue: 'beetle' }])

      expect(app.get(Car).engine).toBe(app.get(Engine))
      expect(app.get(Car).name).toBe('beetle')
    })

    it('hands values over as they are, also undefined, null, functions and promises of values', async () => {
      const FALSY = token<unknown>('Falsy')
      const NOTHING = token<unknown>('Nothing')
      const CALL = token<() => number>('Call')
      const call = (): number => 1

      await using app = await boot([
        { provide: FALSY, useValue: undefined },
        { provide: NOTHING, useValue: null },
        { provide: CALL, useValue: call },
      ])

      expect(app.get(FALSY)).toBeUndefined()
      expect(app.get(NOTHING)).toBeNull()
      expect(app.get(CALL)).toBe(call)
    })

    it('calls a factory once with what it injects, in order', async () => {
      const calls: unknown[][] = []
      await using app = await boot([
        Engine,
        { provide: NAME, useValue: 'beetle' },
        {
          provide: GREETER,
          inject: [NAME, Engine],
          useFactory: (...dependencies: unknown[]): Greeter => {
            calls.push(dependencies)
            return { greet: () => `I am ${String(dependencies[0])}` }
          },
        },
      ])

      expect(app.get(GREETER).greet()).toBe('I am beetle')
      expect(app.get(GREETER)).toBe(app.get(GREETER))
      expect(calls).toEqual([['beetle', app.get(Engine)]])
    })

    it('waits for an asynchronous factory before anyone gets its value', async () => {
      @Injectable()
      class Reader {
        constructor(@Inject(NAME) readonly name: string) {}
      }

      await using app = await boot([
        Reader,
        { provide: NAME, useFactory: () => new Promise<string>((resolve) => setImmediate(() => resolve('late'))) },
      ])

      expect(app.get(Reader).name).toBe('late')
      expect(await app.get(Container).resolve(NAME)).toBe('late')
    })

    it('builds another class for a token, and an abstract class is one', async () => {
      @Injectable()
      class Keeper {
        constructor(readonly store: Store) {}
      }

      await using app = await boot([Keeper, { provide: Store, useClass: MemoryStore }])

      expect(app.get(Keeper).store).toBeInstanceOf(MemoryStore)
      expect(app.get(Store)).toBe(app.get(Keeper).store)
    })

    it('takes an alias for what it stands for, a transient included', async () => {
      const OTHER = token<Ticket>('Other')
      await using app = await boot([
        MemoryStore,
        { provide: Store, useExisting: MemoryStore },
        Ticket,
        { provide: OTHER, useExisting: Ticket },
      ])

      expect(app.get(Store)).toBe(app.get(MemoryStore))
      expect(app.get(OTHER)).toBeInstanceOf(Ticket)
      expect(app.get(OTHER)).not.toBe(app.get(OTHER))
    })

    it('calls @Provide methods of a module with what their parameters name', async () => {
      class Engines {
        constructor(readonly engine: Engine) {}
      }

      @Module({ providers: [Engine] })
      class EnginesModule {
        readonly #made = 'made by the module'

        @Provide()
        engines(engine: Engine): Engines {
          return new Engines(engine)
        }

        @Provide(NAME)
        async name(engines: Engines): Promise<string> {
          await Promise.resolve()
          return engines.engine instanceof Engine ? this.#made : 'wrong'
        }

        @Provide(GREETER, { scope: 'transient' })
        greeter(@Inject(NAME) name: string): Greeter {
          return { greet: () => name }
        }
      }

      await using app = await testApp(EnginesModule).boot()

      expect(app.get(Engines).engine).toBe(app.get(Engine))
      expect(app.get(NAME)).toBe('made by the module')
      expect(app.get(GREETER)).not.toBe(app.get(GREETER))
      expect(app.get(GREETER).greet()).toBe('made by the module')
    })
  })

  describe('lifetimes', () => {
    it('builds a singleton once and a transient for each place that asks', async () => {
      @Injectable()
      class One {
        constructor(
          readonly engine: Engine,
          readonly container: Container,
        ) {}
      }

      await using app = await boot([One, Engine, Ticket])

      expect(app.get(One)).toBe(app.get(One))
      expect(app.get(Ticket)).not.toBe(app.get(Ticket))
      expect(app.get(One).container).toBe(app.application.container)
    })

    it('lets a provider entry choose another lifetime than the class says', async () => {
      const MANY = token<Engine>('Many')
      await using app = await boot([{ provide: MANY, useClass: Engine, scope: 'transient' }])

      expect(app.get(MANY)).not.toBe(app.get(MANY))
    })

    it('builds every singleton once, dependencies first, before the application is handed out', async () => {
      const built: string[] = []

      @Injectable()
      class Lower {
        constructor() {
          built.push('Lower')
        }
      }

      @Injectable()
      class Upper {
        constructor(readonly lower: Lower) {
          built.push('Upper')
        }
      }

      @Injectable({ scope: 'transient' })
      class Unasked {
        constructor() {
          built.push('Unasked')
        }
      }

      await using app = await boot([Upper, Unasked, Lower])
      expect(built).toEqual(['Lower', 'Upper'])

      app.get(Upper)
      await app.request('/health/live')
      expect(built).toEqual(['Lower', 'Upper'])
    })
  })

  describe('several and none', () => {
    it('injects all providers of a token in the order of the modules, and an empty list without any', async () => {
      const NEVER = token<number>('Never')

      @Injectable()
      class Sum {
        constructor(
          @InjectAll(NUMBERS) readonly numbers: number[],
          @InjectAll(NEVER) readonly none: number[],
        ) {}
      }

      @Module({ providers: [{ provide: NUMBERS, useFactory: () => Promise.resolve(3) }] })
      class LastModule {}

      await using app = await boot(
        [Sum, { provide: NUMBERS, useValue: 1 }, { provide: NUMBERS, useFactory: () => 2 }],
        LastModule,
      )

      expect(app.get(Sum).numbers).toEqual([1, 2, 3])
      expect(app.get(Sum).none).toEqual([])
      expect(app.application.container.getAll(NUMBERS)).toEqual([1, 2, 3])
    })

    it('injects undefined where nothing optional is provided, and the provider where it is', async () => {
      @Injectable()
      class Asks {
        constructor(
          @Optional() readonly store: Store,
          @Optional() @Inject(NAME) readonly name: string,
        ) {}
      }

      await using without = await boot([Asks])
      await using withBoth = await boot([
        Asks,
        { provide: Store, useClass: MemoryStore },
        { provide: NAME, useValue: 'me' },
      ])

      expect(without.get(Asks)).toMatchObject({ store: undefined, name: undefined })
      expect(withBoth.get(Asks)).toMatchObject({ store: { kind: 'memory' }, name: 'me' })
    })

    it('takes the primary one of several: by decorator, by entry and by @Provide method', async () => {
      @Primary()
      @Injectable()
      class DiskStore extends Store {
        readonly kind = 'disk'
      }

      @Module({})
      class NamesModule {
        @Provide(NAME)
        first(): string {
          return 'first'
        }

        @Provide(NAME)
        @Primary()
        second(): string {
          return 'second'
        }
      }

      await using app = await boot(
        [
          { provide: Store, useClass: MemoryStore },
          { provide: Store, useClass: DiskStore },
          { provide: NUMBERS, useValue: 1, primary: true },
          { provide: NUMBERS, useValue: 2 },
        ],
        NamesModule,
      )

      expect(app.get(Store).kind).toBe('disk')
      expect(app.get(NUMBERS)).toBe(1)
      expect(app.get(NAME)).toBe('second')
    })
  })

  describe('asked by hand', () => {
    it('says what is missing and what is ambiguous', async () => {
      await using app = await boot([
        { provide: NUMBERS, useValue: 1 },
        { provide: NUMBERS, useValue: 2 },
      ])
      const container = app.get(Container)

      expect(() => container.get(NAME)).toThrow(
        expect.objectContaining({ code: 'CONTAINER_PROVIDER_NOT_FOUND', message: 'Nothing provides Name.' }),
      )
      expect(() => container.get(NUMBERS)).toThrow(
        expect.objectContaining({
          code: 'CONTAINER_PROVIDER_AMBIGUOUS',
          message: '2 providers of Numbers exist, and none of them is primary.',
        }),
      )
      expect(() => container.resolve(NAME)).toThrow(expect.objectContaining({ code: 'CONTAINER_PROVIDER_NOT_FOUND' }))
    })

    it('builds a class nobody provides with its dependencies, anew each time', async () => {
      @Injectable()
      class Visitor {
        constructor(
          readonly engine: Engine,
          @InjectAll(NUMBERS) readonly numbers: number[],
          @Optional() @Inject(NAME) readonly name: string | undefined,
          readonly log: Logger,
        ) {}
      }

      await using app = await boot([Engine, { provide: NUMBERS, useValue: 7 }])
      const visitor = app.get(Container).create(Visitor)
      visitor.log.info('here')

      expect(visitor.engine).toBe(app.get(Engine))
      expect(visitor.numbers).toEqual([7])
      expect(visitor.name).toBeUndefined()
      expect(app.logs.lines.at(-1)?.fields).toEqual({ logger: 'Visitor' })
      expect(app.get(Container).create(Visitor)).not.toBe(visitor)
    })

    it('cannot build a class whose parameters say nothing', async () => {
      @Injectable()
      class Vague {
        constructor(readonly anything: { a: string }) {}
      }

      await using app = await boot([])

      expect(() => app.get(Container).create(Vague)).toThrow('Nothing provides a parameter without a type (Vague).')
    })
  })

  describe('when something cannot be built', () => {
    @Injectable()
    class Broken {
      constructor() {
        throw new RangeError('the disk is full')
      }
    }

    @Injectable()
    class Middle {
      constructor(readonly broken: Broken) {}
    }

    @Injectable()
    class Top {
      constructor(readonly middle: Middle) {}
    }

    it('names the path from what asked to what failed, and keeps the cause', async () => {
      const failure = await boot([Top, Middle, Broken]).catch((error: unknown) => error as Error)

      expect(failure).toMatchObject({
        code: 'CONTAINER_CONSTRUCTION_FAILED',
        message: 'Top -> Middle -> Broken could not be built: the disk is full',
        cause: expect.any(RangeError),
      })
    })

    it('names the path of a failing asynchronous factory as well', async () => {
      @Injectable()
      class Reader {
        constructor(@Inject(NAME) readonly name: string) {}
      }

      const failure = await boot([
        Reader,
        { provide: NAME, useFactory: () => Promise.reject(new Error('no connection')) },
      ]).catch((error: unknown) => error)

      expect(failure).toMatchObject({
        code: 'CONTAINER_CONSTRUCTION_FAILED',
        message: 'Reader -> Name could not be built: no connection',
        cause: { message: 'no connection' },
      })
    })

    it('says what was thrown when it is no Error', async () => {
      const failure = await boot([
        {
          provide: NAME,
          useFactory: () => {
            throw 'nothing but text'
          },
        },
      ]).catch((error: unknown) => error)

      expect(failure).toMatchObject({ message: 'Name could not be built: nothing but text' })
    })
  })

  it('gives every class the log under its own name', async () => {
    @Injectable()
    class Talker {
      constructor(log: Logger) {
        log.info('hello')
      }
    }

    await using app = await boot([
      Talker,
      {
        provide: GREETER,
        inject: [Logger],
        useFactory: (log: Logger): Greeter => ({ greet: () => (log.info('hi'), '') }),
      },
    ])
    app.get(GREETER).greet()

    expect(app.logs.lines).toEqual([
      { level: 'info', message: 'hello', fields: { logger: 'Talker' } },
      { level: 'info', message: 'hi', fields: { logger: 'Greeter' } },
    ])
  })
})
