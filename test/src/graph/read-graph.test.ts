import {
  Config,
  configure,
  Controller,
  Env,
  Get,
  Injectable,
  Interceptor,
  lazy,
  Module,
  Provide,
  token,
  Use,
  When,
  when,
  type CallContext,
  type Class,
  type ConfiguredModule,
  type Next,
  type Provider,
  type SettingsOf,
} from 'tenon'
import { testApp, type TestApp, type TestAppBuilder } from 'tenon/testing'

import { LOADED } from './lazy/loaded-module.ts'

const NAME = token<string>('Name')
const OTHER = token<string>('Other')

function app(...providers: readonly Provider[]): TestAppBuilder {
  @Module({ providers })
  class TestedModule {}

  return testApp(TestedModule)
}

const isProvided = ({ application }: TestApp, asked: typeof NAME | Class): boolean =>
  application.graph.providerOf(asked) !== undefined

describe('Conditional providers', () => {
  it('take part in the environments they name', async () => {
    const provider = { provide: NAME, useValue: 'me', when: when.env('production', 'staging') }
    await using here = await app(provider).boot()
    await using staging = await app(provider).env({ TENON_ENV: 'staging' }).boot()

    expect(isProvided(here, NAME)).toBe(false)
    expect(staging.get(NAME)).toBe('me')
  })

  it('take part when a variable is set, or set to one value', async () => {
    const providers = [
      { provide: NAME, useValue: 'set', when: when.variable('FEATURE') },
      { provide: OTHER, useValue: 'on', when: when.variable('FEATURE', 'on') },
    ]
    await using unset = await app(...providers).boot()
    await using off = await app(...providers)
      .env({ FEATURE: 'off' })
      .boot()
    await using on = await app(...providers)
      .env({ FEATURE: 'on' })
      .boot()

    expect([unset, off, on].map((each) => [isProvided(each, NAME), isProvided(each, OTHER)])).toEqual([
      [false, false],
      [true, false],
      [true, true],
    ])
  })

  it('take part when a function of the surroundings says so', async () => {
    await using tested = await app(
      { provide: NAME, useValue: 'me', when: when.test(({ environment }) => environment === 'test') },
      { provide: OTHER, useValue: 'me', when: when.test(({ variables }) => variables['CITY'] === 'Riga') },
    )
      .env({ CITY: 'Oslo' })
      .boot()

    expect(isProvided(tested, NAME)).toBe(true)
    expect(isProvided(tested, OTHER)).toBe(false)
  })

  it('are defaults when they ask for what is missing, whatever the order', async () => {
    const fallback = { provide: NAME, useValue: 'default', when: when.missing(NAME) }
    await using alone = await app(fallback, { ...fallback, useValue: 'second default' }).boot()
    await using both = await app(fallback, { provide: NAME, useValue: 'chosen' }).boot()

    expect(alone.get(NAME)).toBe('default')
    expect(both.get(NAME)).toBe('chosen')
    expect(both.application.graph.providersOf(NAME)).toHaveLength(1)
  })

  it('follow what is present, conditional providers included', async () => {
    const follower = { provide: OTHER, useValue: 'follows', when: when.present(NAME) }
    await using without = await app(follower).boot()
    await using present = await app(follower, { provide: NAME, useValue: 'me', when: when.env('test') }).boot()

    expect(isProvided(without, OTHER)).toBe(false)
    expect(present.get(OTHER)).toBe('follows')
  })

  it('say it with @When: on classes, behind tokens, on @Provide methods, and all conditions must hold', async () => {
    @When(when.env('production'))
    @Injectable()
    class InProduction {}

    @When(when.env('test'))
    @When(when.variable('FEATURE'))
    @Injectable()
    class Twice {}

    @Module({ providers: [InProduction, Twice, { provide: OTHER, useClass: InProduction as Class<string> }] })
    class TestedModule {
      @Provide(NAME)
      @When(when.variable('FEATURE'))
      name(): string {
        return 'made'
      }
    }

    await using without = await testApp(TestedModule).boot()
    await using withFeature = await testApp(TestedModule).env({ FEATURE: '1' }).boot()

    expect([InProduction, Twice, NAME, OTHER].map((each) => isProvided(without, each as Class))).toEqual([
      false,
      false,
      false,
      false,
    ])
    expect([InProduction, Twice, NAME, OTHER].map((each) => isProvided(withFeature, each as Class))).toEqual([
      false,
      true,
      true,
      false,
    ])
  })

  it('take the routes of a controller that takes no part along', async () => {
    @When(when.variable('DEBUG'))
    @Controller('/debug')
    class DebugController {
      @Get('/')
      get(): string {
        return 'debug'
      }
    }

    @Module({ controllers: [DebugController] })
    class TestedModule {}

    await using without = await testApp(TestedModule).boot()
    await using debugging = await testApp(TestedModule).env({ DEBUG: '1' }).boot()

    expect((await without.request('/debug')).status).toBe(404)
    expect(await (await debugging.request('/debug')).text()).toBe('debug')
  })

  it('leave out an interceptor of the application that takes no part', async () => {
    const seen: string[] = []

    @When(when.variable('DEBUG'))
    @Interceptor()
    class DebugInterceptor {
      intercept(context: CallContext, next: Next): unknown {
        seen.push(context.endpoint.name)
        return next()
      }
    }

    @Controller('/')
    class HomeController {
      @Get('/')
      home(): string {
        return 'home'
      }
    }

    @Module({ controllers: [HomeController], interceptors: [DebugInterceptor] })
    class TestedModule {}

    await using without = await testApp(TestedModule).boot()
    expect((await without.request('/')).status).toBe(200)
    expect(seen).toEqual([])

    await using debugging = await testApp(TestedModule).env({ DEBUG: '1' }).boot()
    expect((await debugging.request('/')).status).toBe(200)
    expect(seen).toEqual(['HomeController.home'])
  })
})

describe('Modules', () => {
  it('are there once, however often they are imported, and before those that import them', async () => {
    @Module({ providers: [{ provide: NAME, useValue: 'shared' }] })
    class SharedModule {}

    @Module({ imports: [SharedModule] })
    class LeftModule {}

    @Module({ imports: [SharedModule, LeftModule] })
    class RightModule {}

    await using tested = await testApp(RightModule, LeftModule).boot()

    expect(tested.application.graph.modules.map(({ name }) => name)).toEqual([
      'KernelModule',
      'SharedModule',
      'LeftModule',
      'RightModule',
      'TestIdentityModule',
    ])
    expect(tested.get(NAME)).toBe('shared')
    expect(tested.get(SharedModule)).toBeInstanceOf(SharedModule)
  })

  it('may import each other', async () => {
    @Module({ imports: [] })
    class FirstModule {}

    const imports = [FirstModule]
    @Module({ imports })
    class SecondModule {}
    Module({ imports: [SecondModule] })(FirstModule)

    await using tested = await testApp(FirstModule).boot()

    expect(tested.application.graph.modules.map(({ name }) => name)).toContain('SecondModule')
  })

  it('share a class that several of them list', async () => {
    @Injectable()
    class Shared {}

    @Module({ providers: [Shared] })
    class FirstModule {}

    @Module({ providers: [Shared] })
    class SecondModule {}

    await using tested = await testApp(FirstModule, SecondModule).boot()

    expect(tested.application.graph.providersOf(Shared)).toHaveLength(1)
  })

  it('are loaded late when they are lazy, and their providers are there', async () => {
    @Module({ imports: [lazy(() => import('./lazy/loaded-module.js'))] })
    class TestedModule {}

    await using tested = await testApp(TestedModule).boot()

    expect(tested.get(LOADED)).toBe('loaded')
  })

  it('are not even read when they are lazy and their condition fails', async () => {
    const forbidden = () => import('./lazy/forbidden-module.js')
    const imports = [lazy(forbidden, { when: when.variable('REPORTS') })]

    @Module({ imports })
    class TestedModule {}

    await using tested = await testApp(TestedModule).boot()
    expect(tested.application.graph.modules.map(({ name }) => name)).toContain('TestedModule')

    await expect(testApp(TestedModule).env({ REPORTS: '1' }).boot()).rejects.toThrow('This file was read.')
  })

  it('take no part, with all they import, when their own @When fails', async () => {
    @Module({ providers: [{ provide: NAME, useValue: 'deep' }] })
    class DeepModule {}

    @When(when.env('staging'))
    @Module({ imports: [DeepModule], providers: [{ provide: OTHER, useValue: 'staging' }] })
    class StagingModule {}

    @Module({ imports: [StagingModule] })
    class TestedModule {}

    await using here = await testApp(TestedModule).boot()
    await using staging = await testApp(TestedModule).env({ TENON_ENV: 'staging' }).boot()

    expect([isProvided(here, NAME), isProvided(here, OTHER)]).toEqual([false, false])
    expect([staging.get(NAME), staging.get(OTHER)]).toEqual(['deep', 'staging'])
  })
})

describe('Settings of a module', () => {
  @Config('mail')
  class MailConfig {
    @Env('MAIL_HOST', { default: 'localhost' })
    readonly host!: string

    @Env('MAIL_PORT', { default: 25, min: 1 })
    readonly port!: number
  }

  @Injectable()
  class Mailer {
    constructor(readonly config: MailConfig) {}
  }

  @Module({ providers: [Mailer] })
  class MailModule {
    static with(settings: SettingsOf<MailConfig>): ConfiguredModule {
      return configure(MailModule, MailConfig, settings)
    }
  }

  it('come from the environment without being listed anywhere', async () => {
    await using tested = await testApp(MailModule).env({ MAIL_PORT: '2525' }).boot()

    expect(tested.get(Mailer).config).toMatchObject({ host: 'localhost', port: 2525 })
    expect(tested.get(Mailer).config).toBe(tested.get(MailConfig))
  })

  it('given in code win over the environment, field by field', async () => {
    const configured = MailModule.with({ host: 'mail.example' })
    await using tested = await testApp(configured, MailModule).env({ MAIL_PORT: '2525', MAIL_HOST: 'env' }).boot()

    expect(tested.get(MailConfig)).toMatchObject({ host: 'mail.example', port: 2525 })
    expect(configured.at.file).toBe(import.meta.url)
  })

  it('may be made from other providers, also those that come late', async () => {
    @Module({ providers: [{ provide: NAME, useFactory: () => Promise.resolve('late.example') }] })
    class NamesModule {}

    await using tested = await testApp(
      MailModule.with(async (resolve) => ({ host: await resolve(NAME) })),
      NamesModule,
    ).boot()

    expect(tested.get(MailConfig).host).toBe('late.example')
  })

  it('made by a function are checked, and a wrong one refuses the start', async () => {
    const failure = await testApp(MailModule.with(() => ({ port: 0 })))
      .boot()
      .catch((error: unknown) => error)

    expect(failure).toMatchObject({ code: 'APP_START_REFUSED', message: expect.stringContaining('MailConfig.port') })
  })
})

describe('Overrides', () => {
  it('replace every provider of a token, those injected as a list included', async () => {
    await using tested = await app({ provide: NAME, useValue: 'one' }, { provide: NAME, useValue: 'two' })
      .override(NAME)
      .with('replaced')
      .boot()

    expect(tested.application.container.getAll(NAME)).toEqual(['replaced'])
  })

  it('may provide what nobody provides', async () => {
    await using tested = await app().override(NAME).with('new').boot()

    expect(tested.get(NAME)).toBe('new')
  })

  it('keep what is internal to a module inside', async () => {
    @Injectable()
    class Inner {
      readonly name: string = 'real'
    }

    @Injectable()
    class Outer {
      constructor(readonly inner: Inner) {}
    }

    @Module({ providers: [Inner, Outer], internal: [Inner] })
    class InnerModule {}

    await using tested = await testApp(InnerModule).override(Inner).with({ name: 'fake' }).boot()

    expect(tested.get(Outer).inner.name).toBe('fake')
  })
})

describe('Interceptors in use', () => {
  it('need not be listed: what @Use names is built with its dependencies and settings', async () => {
    @Config('banner')
    class BannerConfig {
      @Env('BANNER', { default: 'hello' })
      readonly text!: string
    }

    @Interceptor()
    class BannerInterceptor {
      constructor(readonly config: BannerConfig) {}

      intercept(_context: CallContext, next: Next): unknown {
        return `${this.config.text} ${String(next())}`
      }
    }

    @Controller('/')
    @Use(BannerInterceptor)
    class HomeController {
      @Get('/')
      home(): string {
        return 'home'
      }
    }

    @Module({ controllers: [HomeController] })
    class TestedModule {}

    await using tested = await testApp(TestedModule).env({ BANNER: 'welcome' }).boot()

    expect(await (await tested.request('/')).text()).toBe('welcome home')
  })
})
