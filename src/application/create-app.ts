/**
 * From decorated classes to an application, step by step: read, check, build, compile.
 * Whatever is wrong with the program is found here, all of it at once, before the first request.
 */
import { callSite, type CallSite, type Class, type ModuleImport, type Provider } from '../../decorators/index.ts'
import { checkGraph } from '../check/check-graph.ts'
import type { Diagnostic } from '../check/diagnostic.ts'
import { StartRefused } from '../check/start-refused.ts'
import { printLocation, sourceOf } from '../errors/source-location.ts'
import { Environment, readEnvironment, type EnvironmentSources } from '../config/read-environment.ts'
import { Container, type Activation } from '../container/container.ts'
import { Lifecycle } from '../container/lifecycle.ts'
import { loadModules } from '../graph/load-modules.ts'
import { ModuleGraph, type ProviderModel } from '../graph/module-graph.ts'
import { readGraph } from '../graph/read-graph.ts'
import { Health } from '../health/health.ts'
import { HttpConfig } from '../http/http-config.ts'
import { HttpServer } from '../http/http-server.ts'
import { openLog, type OpenLog } from '../logging/open-log.ts'
import { Logger } from '../logging/logger.ts'
import { compileErrorMappers } from '../pipeline/error-mappers.ts'
import { CompileConfig } from '../pipeline/compile-config.ts'
import { MethodInterception } from '../pipeline/intercept-methods.ts'
import { PipelineCompiler } from '../pipeline/pipeline-compiler.ts'
import { Application } from './application.ts'
import { compileEndpoints, compileFallback } from './compile-endpoints.ts'
import { configFactory } from './config-factory.ts'
import { kernelModule } from './kernel-module.ts'
import { readOverrides, type Override } from './overrides.ts'

export interface AppOptions extends EnvironmentSources {
  /** Replaces providers, for tests: every provider of the token gives way to this one. */
  readonly overrides?: readonly Override[]
  /** Replaces the log. */
  readonly logger?: Logger
}

/**
 * Makes an application out of its root module.
 * @param root - What it uses (`@Use`) holds for every endpoint.
 * @param rest - Further modules, as if the root imported them; options last.
 * @throws `APP_START_REFUSED` with every diagnostic when the program does not hold together.
 * @example
 * const app = await createApp(AppModule)
 * await app.listen()
 */
export async function createApp(
  root: ModuleImport,
  ...rest: readonly (ModuleImport | AppOptions)[]
): Promise<Application> {
  // Taken here: after the first `await` the caller is no longer on the stack.
  const at = callSite(1)
  const options = rest.find(isOptions) ?? {}
  const imports = [root, ...rest.filter((each): each is ModuleImport => !isOptions(each))]
  const environment = readEnvironment(options)
  const log = await openLog(environment, options.logger)
  try {
    return await assemble({ imports, at }, options, environment, log)
  } catch (error) {
    await log.close()
    throw error
  }
}

/** What was named to `createApp`, and where. */
interface Roots {
  readonly imports: readonly ModuleImport[]
  readonly at: CallSite
}

async function assemble(
  { imports, at }: Roots,
  options: AppOptions,
  environment: Environment,
  log: OpenLog,
): Promise<Application> {
  const late: { graph?: ModuleGraph; container?: Container } = {}
  const own: readonly Provider[] = [
    { provide: Environment, useValue: environment },
    { provide: Logger, useValue: log.logger },
    { provide: ModuleGraph, useFactory: () => late.graph },
    { provide: Container, useFactory: () => late.container },
  ]
  const surroundings = { environment: environment.name, variables: environment.variables }
  const loaded = await loadModules(imports, surroundings, at)
  const graph = (late.graph = readGraph({
    modules: [kernelModule(own), ...loaded.modules],
    findings: loaded.findings,
    configured: loaded.configured,
    surroundings,
    overrides: readOverrides(options.overrides ?? []),
    createConfig: configFactory(environment, log, () => late.container),
  }))
  report(await checkGraph({ graph, environment, configured: loaded.configured }), log.logger)

  const container = (late.container = new Container(graph, new Map([[Logger, nameLogger]])))
  const interception = new MethodInterception(graph, (type) => container.get(type), log.logger)
  const singletons = await buildSingletons(container, interception)

  const lifecycle = new Lifecycle(container, singletons, log.logger)
  try {
    await lifecycle.init()
    return await serve(rootOf(imports), { graph, container, lifecycle, environment, log })
  } catch (error) {
    await lifecycle.shutdown()
    throw error
  }
}

/** Interceptors are singletons themselves, so methods are intercepted when everything is built. */
async function buildSingletons(
  container: Container,
  interception: MethodInterception,
): Promise<readonly ProviderModel[]> {
  const built: (readonly [object, ProviderModel])[] = []
  let activate: Activation = (instance, provider) => built.push([instance, provider])
  container.onActivation((instance, provider) => activate(instance, provider))
  const singletons = await container.buildSingletons()
  activate = (instance, provider) => interception.apply(instance, provider)
  for (const [instance, provider] of built.splice(0)) activate(instance, provider)
  return singletons
}

interface Assembled {
  readonly graph: ModuleGraph
  readonly container: Container
  readonly lifecycle: Lifecycle
  readonly environment: Environment
  readonly log: OpenLog
}

async function serve(
  root: Class | undefined,
  { graph, container, lifecycle, environment, log }: Assembled,
): Promise<Application> {
  const config = container.get(HttpConfig)
  const health = container.get(Health)
  const instanceOf = container.instanceOf.bind(container)
  health.connect(graph, instanceOf, (name, error) => log.logger.warn(`Health check "${name}" failed.`, { error }))
  const compiler = new PipelineCompiler(container.get(CompileConfig).codegen)
  await lifecycle.ready()

  const server: HttpServer = new HttpServer({
    config,
    logger: log.logger,
    exposeInternals: environment.isDevelopment,
    isProduction: environment.isProduction,
    toProblem: compileErrorMappers(graph, instanceOf, { exposeInternals: environment.isDevelopment }),
    compile: async (middleware) => {
      const compilation = { graph, container, config, compiler, root, middleware }
      return {
        endpoints: await compileEndpoints(compilation),
        fallback: (endpoint, handler) => compileFallback(endpoint, handler, compilation),
      }
    },
  })
  return new Application({
    graph,
    container,
    lifecycle,
    health,
    server,
    logger: log.logger,
    environment: environment.name,
    compiledAs: compiler.mode,
    drainMs: config.drainMs,
    closeLog: log.close,
  })
}

/** Errors refuse the start, warnings are logged; notes are for `tenon check`. */
function report(diagnostics: readonly Diagnostic[], logger: Logger): void {
  if (diagnostics.some((diagnostic) => diagnostic.severity === 'error')) throw new StartRefused(diagnostics)
  for (const { severity, code, message, help, at } of diagnostics) {
    if (severity === 'warning') logger.warn(message, { code, help, at: printLocation(sourceOf(at)) })
  }
}

/** Every class gets the log under its own name. */
function nameLogger(logger: unknown, receiver: string): unknown {
  return logger instanceof Logger ? logger.named(receiver) : logger
}

function rootOf([root]: readonly ModuleImport[]): Class | undefined {
  if (typeof root === 'function') return root
  return root && 'module' in root ? root.module : undefined
}

function isOptions(value: ModuleImport | AppOptions): value is AppOptions {
  return typeof value === 'object' && !('module' in value) && !('load' in value)
}
