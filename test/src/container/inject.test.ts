import { Container, inject, Injectable, Logger, Module, token, type Class, type Provider } from 'tenon'
import { testApp, type TestApp } from 'tenon/testing'

function boot(...providers: readonly Provider[]): Promise<TestApp> {
  @Module({ providers })
  class TestedModule {}

  return testApp(TestedModule).boot()
}

@Injectable()
class Engine {}

const NAME = token<string>('Name')

describe('inject', () => {
  it('fills field initializers and constructors with what the container has', async () => {
    @Injectable()
    class Car {
      readonly engine = inject(Engine)
      readonly name: string

      constructor() {
        this.name = inject(NAME)
      }
    }

    await using app = await boot(Car, Engine, { provide: NAME, useValue: 'beetle' })

    expect(app.get(Car).engine).toBe(app.get(Engine))
    expect(app.get(Car).name).toBe('beetle')
  })

  it('works in factories, in inherited fields and in classes built by hand', async () => {
    class Vehicle {
      readonly engine = inject(Engine)
    }

    @Injectable()
    class Boat extends Vehicle {}

    class Visitor extends Vehicle {}

    await using app = await boot(Boat, Engine, { provide: NAME, useFactory: () => inject(Engine).constructor.name })

    expect(app.get(Boat).engine).toBe(app.get(Engine))
    expect(app.get(NAME)).toBe('Engine')
    expect(app.get(Container).create(Visitor).engine).toBe(app.get(Engine))
  })

  it('gives the log under the name of the class that asks', async () => {
    @Injectable()
    class Talker {
      readonly log = inject(Logger)
    }

    class Visitor {
      readonly log = inject(Logger)
    }

    await using app = await boot(Talker)
    app.get(Talker).log.info('hello')
    app.get(Container).create(Visitor).log.info('hi')

    expect(app.logs.lines.map(({ fields }) => fields)).toEqual([{ logger: 'Talker' }, { logger: 'Visitor' }])
  })

  it('is refused while nothing is being built', async () => {
    await using app = await boot(Engine)
    const refusal = expect.objectContaining({
      code: 'CONTAINER_INJECT_OUTSIDE',
      message: 'inject(Engine) was called while nothing was being built by the container.',
    })

    expect(() => inject(Engine)).toThrow(refusal)
    app.get(Engine)
    expect(() => inject(Engine)).toThrow(refusal)
  })

  it('is refused again after a construction that failed', async () => {
    @Injectable()
    class Broken {
      constructor() {
        throw new Error('broken')
      }
    }

    await expect(boot(Broken)).rejects.toThrow('broken')
    expect(() => inject(Engine)).toThrow('inject(Engine) was called while nothing was being built')
  })

  it('finds a cycle and names it', async () => {
    @Injectable()
    class Hen {
      readonly egg: unknown = inject(later().egg)
    }

    @Injectable()
    class Egg {
      readonly hen: unknown = inject(Hen)
    }

    function later(): { egg: Class } {
      return { egg: Egg }
    }

    const failure = await boot(Hen, Egg).catch((error: unknown) => error)

    expect(failure).toMatchObject({
      code: 'CONTAINER_CONSTRUCTION_CYCLE',
      message: 'A cycle through inject() was found while building: Hen -> Egg -> Hen.',
    })
  })

  it('names what asked for something nobody provides', async () => {
    @Injectable()
    class Car {
      readonly engine = inject(Engine)
    }

    const failure = await boot(Car).catch((error: unknown) => error)

    expect(failure).toMatchObject({
      code: 'CONTAINER_CONSTRUCTION_FAILED',
      message: 'Car could not be built: Nothing provides Engine (Car).',
    })
  })

  it('names the whole path through inject() to what failed', async () => {
    @Injectable()
    class Broken {
      constructor() {
        throw new Error('out of fuel')
      }
    }

    @Injectable()
    class Car {
      readonly broken = inject(Broken)
    }

    const failure = await boot(Car, Broken).catch((error: unknown) => error)

    expect(failure).toMatchObject({ message: 'Car -> Broken could not be built: out of fuel' })
  })
})
