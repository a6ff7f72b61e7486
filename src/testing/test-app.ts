/** Applications in tests: the real thing, with providers replaced, identities given and the clock in hand. */
import type { InjectionToken, ModuleImport } from '../../decorators/index.ts'
import type { Application } from '../application/application.ts'
import { createApp } from '../application/create-app.ts'
import type { Override } from '../application/overrides.ts'
import { Clock } from '../clock/clock.ts'
import { Logger } from '../logging/logger.ts'
import type { Principal } from '../pipeline/principal.ts'
import { FakeClock } from './fake-clock.ts'
import { MemoryLogger } from './memory-logger.ts'
import { TestIdentities, TestIdentityModule } from './test-identities.ts'

/** A running application under test; closed by `await using`. */
export class TestApp implements AsyncDisposable {
  readonly application: Application
  /** What was logged, unless the log was replaced. */
  readonly logs: MemoryLogger
  readonly #identities: TestIdentities
  #url: Promise<string> | undefined
  readonly #principal: Principal | undefined

  constructor(
    application: Application,
    logs: MemoryLogger,
    identities: TestIdentities,
    principal?: Principal,
    url?: Promise<string>,
  ) {
    this.application = application
    this.logs = logs
    this.#identities = identities
    this.#principal = principal
    this.#url = url
  }

  /** `http://127.0.0.1:<free port>`; listening begins when first asked for. */
  url(): Promise<string> {
    return (this.#url ??= this.application
      .listen({ port: 0, host: '127.0.0.1', handleSignals: false })
      .then((address) => address.url))
  }

  /** A real HTTP request to a free port. Redirects are answers, not followed. */
  async request(path: string, init: RequestInit & { readonly json?: unknown } = {}): Promise<Response> {
    const { json, ...rest } = init
    const headers = new Headers(rest.headers)
    if (this.#principal) headers.set(TestIdentities.header, this.#identities.ticketFor(this.#principal))
    if (json !== undefined && !headers.has('content-type')) headers.set('content-type', 'application/json')
    return fetch(new URL(path, await this.url()), {
      redirect: 'manual',
      ...rest,
      headers,
      ...(json === undefined ? {} : { body: JSON.stringify(json), method: rest.method ?? 'POST' }),
    })
  }

  /** The same application, called by `principal`: authentication finds it already known. */
  as(principal: Principal): TestApp {
    return new TestApp(this.application, this.logs, this.#identities, principal, this.url())
  }

  get<T>(token: InjectionToken<T>): T {
    return this.application.get(token)
  }

  close(): Promise<void> {
    return this.application.close()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }
}

/** What a test changes before the application boots. */
export class TestAppBuilder {
  readonly #modules: readonly ModuleImport[]
  readonly #overrides: Override[] = []
  readonly #middleware: (readonly unknown[])[] = []
  #env: Record<string, string | undefined> = {}

  constructor(modules: readonly ModuleImport[]) {
    this.#modules = modules
  }

  /** Replaces whatever provides `token`. */
  override<T>(token: InjectionToken<T>): OverrideChoice<T> {
    return {
      with: (value) => this.#add({ provide: token, useValue: value }),
      withClass: (type) => this.#add({ provide: token, useClass: type }),
      withFactory: (factory) => this.#add({ provide: token, useFactory: factory }),
    }
  }

  /** Sets environment variables; those of the process and of `.env` files are not seen. Default environment: `test`. */
  env(variables: Readonly<Record<string, string | undefined>>): this {
    this.#env = { ...this.#env, ...variables }
    return this
  }

  /** Stops the time at `at` and lets the test move it: `app.get(Clock)` is the `FakeClock`. */
  clock(at: Date | string | FakeClock): this {
    return this.#add({ provide: Clock, useValue: at instanceof FakeClock ? at : new FakeClock(new Date(at)) })
  }

  /** Mounts Express middleware. */
  use(...middleware: readonly unknown[]): this {
    this.#middleware.push(middleware)
    return this
  }

  /**
   * Reads, checks, builds and compiles the application.
   * @throws `APP_START_REFUSED` as `createApp` does.
   */
  async boot(): Promise<TestApp> {
    const identities = new TestIdentities()
    const logs = new MemoryLogger()
    const [root, ...rest] = this.#modules
    const application = await createApp(root as ModuleImport, ...rest, TestIdentityModule, {
      env: { TENON_ENV: 'test', ...this.#env },
      cwd: import.meta.dirname,
      logger: logs,
      overrides: [{ provide: TestIdentities, useValue: identities }, ...this.#overrides],
    })
    for (const each of this.#middleware) application.use(...each)
    const replaced = application.get(Logger)
    return new TestApp(application, replaced instanceof MemoryLogger ? replaced : logs, identities)
  }

  #add(override: Override): this {
    this.#overrides.push(override)
    return this
  }
}

/** How a provider is replaced. */
export interface OverrideChoice<T> {
  with(value: T): TestAppBuilder
  withClass(type: new (...args: any[]) => T): TestAppBuilder
  withFactory(factory: () => T | Promise<T>): TestAppBuilder
}

/**
 * Begins an application under test.
 * @example
 * await using app = await testApp(AppModule).override(Mailer).with(outbox).boot()
 * const response = await app.request('/hello')
 */
export function testApp(...modules: readonly [ModuleImport, ...ModuleImport[]]): TestAppBuilder {
  return new TestAppBuilder(modules)
}
