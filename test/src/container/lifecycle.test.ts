import fc from 'fast-check'

import { Injectable, Module, OnDrain, OnInit, OnReady, OnShutdown, token, type Class, type Provider } from 'tenon'
import { testApp, type TestApp } from 'tenon/testing'

function boot(...providers: readonly Provider[]): Promise<TestApp> {
  @Module({ providers })
  class TestedModule {}

  return testApp(TestedModule).boot()
}

/** A class that notes its turning points. */
function noting(name: string, log: string[], fails: Partial<Record<string, boolean>> = {}): Class {
  const note = async (event: string): Promise<void> => {
    await new Promise(setImmediate)
    log.push(`${event} ${name}`)
    if (fails[event]) throw new Error(`${name} cannot ${event}`)
  }

  @Injectable()
  class Noting {
    @OnInit()
    init(): Promise<void> {
      return note('init')
    }

    @OnReady()
    ready(): Promise<void> {
      return note('ready')
    }

    @OnDrain()
    drain(): Promise<void> {
      return note('drain')
    }

    @OnShutdown()
    shutdown(): Promise<void> {
      return note('shutdown')
    }
  }
  Object.defineProperty(Noting, 'name', { value: name })
  return Noting
}

/** Nodes with edges to earlier nodes only, listed in any order: every wiring without a cycle. */
const graphs = fc.integer({ min: 1, max: 8 }).chain((size) =>
  fc.record({
    edges: fc.tuple(
      ...Array.from({ length: size }, (_, index) => fc.subarray(Array.from({ length: index }, (__, i) => i))),
    ),
    order: fc.shuffledSubarray(
      Array.from({ length: size }, (_, index) => index),
      { minLength: size },
    ),
  }),
)

describe('The lifecycle', () => {
  it('initializes dependencies first and stops in the opposite order, whatever the wiring', async () => {
    await fc.assert(
      fc.asyncProperty(graphs, async ({ edges, order }) => {
        const log: string[] = []
        const classes = edges.map((_, index) => noting(`n${index}`, log))
        for (const [index, needed] of edges.entries()) {
          Reflect.defineMetadata(
            'design:paramtypes',
            needed.map((each) => classes[each]),
            classes[index] as Class,
          )
        }

        const app = await boot(...order.map((index) => classes[index] as Class))
        await app.close()

        const of = (event: string): string[] =>
          log.filter((line) => line.startsWith(`${event} `)).map((line) => line.slice(event.length + 1))
        const initialized = of('init')
        expect(initialized.toSorted()).toEqual(classes.map(({ name }) => name).toSorted())
        for (const [index, needed] of edges.entries()) {
          for (const each of needed)
            expect(initialized.indexOf(`n${each}`)).toBeLessThan(initialized.indexOf(`n${index}`))
        }
        expect(of('ready')).toEqual(initialized)
        expect(of('drain')).toEqual(initialized.toReversed())
        expect(of('shutdown')).toEqual(initialized.toReversed())
        expect(log.map((line) => line.split(' ')[0])).toEqual(
          ['init', 'ready', 'drain', 'shutdown'].flatMap((event) => classes.map(() => event)),
        )
      }),
      { numRuns: 25 },
    )
  })

  it('shuts down only what was initialized when an initialization fails, and names the failure', async () => {
    const log: string[] = []
    const second = noting('second', log, { init: true })

    await expect(boot(noting('first', log), second, noting('third', log))).rejects.toThrow('second cannot init')

    expect(log).toEqual(['init first', 'init second', 'shutdown first'])
  })

  it('shuts everything down when something cannot become ready', async () => {
    const log: string[] = []

    await expect(boot(noting('first', log), noting('second', log, { ready: true }))).rejects.toThrow(
      'second cannot ready',
    )

    expect(log).toEqual([
      'init first',
      'init second',
      'ready first',
      'ready second',
      'shutdown second',
      'shutdown first',
    ])
  })

  it('logs what fails while stopping and goes on with the others', async () => {
    const log: string[] = []
    const app = await boot(
      noting('first', log),
      noting('second', log, { drain: true, shutdown: true }),
      noting('third', log),
    )

    await app.close()

    expect(log.slice(6)).toEqual([
      'drain third',
      'drain second',
      'drain first',
      'shutdown third',
      'shutdown second',
      'shutdown first',
    ])
    expect(app.logs.at('error').map(({ message, fields }) => [message, (fields['error'] as Error).message])).toEqual([
      ['second failed while stopping.', 'second cannot drain'],
      ['second failed while stopping.', 'second cannot shutdown'],
    ])
  })

  it('calls synchronous methods, several of one kind, and inherited ones', async () => {
    const log: string[] = []

    class Opened {
      @OnInit()
      open(): void {
        log.push('open')
      }

      @OnShutdown()
      close(): void {
        log.push('close')
      }
    }

    @Injectable()
    class Database extends Opened {
      @OnInit()
      migrate(): void {
        log.push('migrate')
      }

      override close(): void {
        log.push('close database')
      }
    }

    await using app = await boot(Database)
    expect(log).toEqual(['open', 'migrate'])

    await app.close()
    expect(log).toEqual(['open', 'migrate', 'close database'])
  })

  it('calls the methods of a class that stands behind a token, and none of values', async () => {
    const log: string[] = []
    const STORE = token<object>('Store')
    const VALUE = token<object>('Value')
    const Store = noting('store', log)

    await using app = await boot({ provide: STORE, useClass: Store }, { provide: VALUE, useValue: new Store() })

    expect(app.get(STORE)).toBeInstanceOf(Store)
    expect(log).toEqual(['init store', 'ready store'])
  })
})
