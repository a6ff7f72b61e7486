/**
 * From decorated classes to an application, step by step: read, check, build, compile.
 * Whatever is wrong with the program is found here, all of it at once, before the first request.
 */
import { callSite, type ModuleImport } from '../../decorators/index.ts'
import { Health } from '../health/health.ts'
import { HttpConfig } from '../http/http-config.ts'
import { HttpServer } from '../http/http-server.ts'
import { compileErrorMappers } from '../pipeline/error-mappers.ts'
import { EndpointChains } from '../pipeline/endpoint-chains.ts'
import { Application } from './application.ts'
import { compileFallback, compileRoutes } from './compile-endpoints.ts'
import { RunningApplication } from './running-application.ts'
import { buildProgram, readProgram, type BuiltProgram, type ProgramOptions } from './program.ts'

export type AppOptions = ProgramOptions

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
  const program = await readProgram({ imports, at }, options)
  try {
    return await startProgram(await buildProgram(program))
  } catch (error) {
    await program.log.close()
    throw error
  }
}

/** Starts what was built, and makes it ready to serve. When that fails, what had started is stopped. */
export async function startProgram(program: BuiltProgram): Promise<Application> {
  const { lifecycle } = program
  try {
    await lifecycle.init()
    return await serve(program)
  } catch (error) {
    await lifecycle.shutdown()
    throw error
  }
}

async function serve(program: BuiltProgram): Promise<Application> {
  const { graph, container, lifecycle, environment, log, root, compiler } = program
  const config = container.get(HttpConfig)
  const health = container.get(Health)
  const instanceOf = container.instanceOf.bind(container)
  health.connect(graph, instanceOf, (name, error) => log.logger.warn(`Health check "${name}" failed.`, { error }))
  await lifecycle.ready()

  const server: HttpServer = new HttpServer({
    config,
    logger: log.logger,
    exposeInternals: environment.isDevelopment,
    isProduction: environment.isProduction,
    toProblem: compileErrorMappers(graph, instanceOf, { exposeInternals: environment.isDevelopment }),
    compile: async (middleware) => {
      const chains = container.get(EndpointChains)
      const compilation = { graph, container, config, compiler, chains, root, middleware }
      return {
        routes: await compileRoutes(compilation),
        fallback: (endpoint, handler) => compileFallback(endpoint, handler, compilation),
      }
    },
  })
  const application = new Application({ program, health, server, drainMs: config.drainMs })
  container.get(RunningApplication).connect(application)
  return application
}

function isOptions(value: ModuleImport | AppOptions): value is AppOptions {
  return typeof value === 'object' && !('module' in value) && !('load' in value)
}
