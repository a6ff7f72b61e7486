/**
 * The steps of `createApp` that tools take on their own: `readProgram` needs neither port nor database and builds
 * nothing; `buildProgram` makes every provider and starts none.
 */
import type { CallSite, Class, ConfiguredModule, ModuleImport, Provider } from '../../decorators/index.ts'
import { checkGraph } from '../check/check-graph.ts'
import type { CheckRule } from '../check/check-rule.ts'
import type { Diagnostic } from '../check/diagnostic.ts'
import { StartRefused } from '../check/start-refused.ts'
import { Environment, readEnvironment, type EnvironmentSources } from '../config/read-environment.ts'
import { Container, type Activation } from '../container/container.ts'
import { Lifecycle } from '../container/lifecycle.ts'
import { printLocation, sourceOf } from '../errors/source-location.ts'
import { loadModules } from '../graph/load-modules.ts'
import { ModuleGraph, type ProviderModel } from '../graph/module-graph.ts'
import { readGraph } from '../graph/read-graph.ts'
import { LogControl } from '../logging/log-control.ts'
import { Logger } from '../logging/logger.ts'
import { openLog, type LogPlace, type OpenLog } from '../logging/open-log.ts'
import { CallProbe } from '../pipeline/call-probe.ts'
import { CompileConfig } from '../pipeline/compile-config.ts'
import { EndpointChains } from '../pipeline/endpoint-chains.ts'
import { MethodInterception } from '../pipeline/intercept-methods.ts'
import { PipelineCompiler } from '../pipeline/pipeline-compiler.ts'
import { configFactory } from './config-factory.ts'
import { kernelModule } from './kernel-module.ts'
import { readOverrides, type Override } from './overrides.ts'

export interface ProgramOptions extends EnvironmentSources {
  /** Replaces providers, for tests: every provider of the token gives way to this one. */
  readonly overrides?: readonly Override[]
  /** Replaces the log. */
  readonly logger?: Logger
  /** Where the log is written, and from which level on when `LOG_LEVEL` is not set; for tools, whose output is theirs. */
  readonly log?: LogPlace
  /** Check rules besides those of the kernel and of the modules. */
  readonly rules?: readonly CheckRule[]
}

/** What was named to `createApp`, and where. */
export interface ProgramRoots {
  readonly imports: readonly ModuleImport[]
  readonly at: CallSite
}

/** A program as it is written, with everything that is wrong with it. */
export interface Program {
  readonly graph: ModuleGraph
  readonly diagnostics: readonly Diagnostic[]
  readonly environment: Environment
  /** Settings given in code, by module. */
  readonly configured: ReadonlyMap<Class, ConfiguredModule>
  /** The first module that was named: what it uses holds everywhere. */
  readonly root: Class | undefined
  readonly log: OpenLog
  /** @internal Where the container is put once there is one: providers that were read may ask for it. */
  readonly late: { container?: Container }
}

/** A program whose providers exist; none of them has been started. */
export interface BuiltProgram extends Program {
  readonly container: Container
  readonly lifecycle: Lifecycle
  readonly compiler: PipelineCompiler
}

/** Reads the program and checks it. The caller closes its log. */
export async function readProgram({ imports, at }: ProgramRoots, options: ProgramOptions): Promise<Program> {
  const environment = readEnvironment(options)
  const log = await openLog(environment, options.logger, options.log)
  try {
    const late: { graph?: ModuleGraph; container?: Container } = {}
    const own: readonly Provider[] = [
      { provide: Environment, useValue: environment },
      { provide: Logger, useValue: log.logger },
      { provide: LogControl, useValue: log.control },
      { provide: ModuleGraph, useFactory: () => late.graph },
      { provide: Container, useFactory: () => late.container },
      {
        provide: EndpointChains,
        useFactory: () =>
          new EndpointChains(() => ({
            application: late.graph?.interceptors ?? [],
            root: rootOf(imports),
            instanceOf: (type) => (late.container as Container).get(type),
          })),
      },
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
    const diagnostics = await checkGraph({ graph, environment, configured: loaded.configured }, options.rules)
    const { configured } = loaded
    return { graph, diagnostics, environment, configured, root: rootOf(imports), log, late }
  } catch (error) {
    await log.close()
    throw error
  }
}

/**
 * Builds every singleton.
 * @throws `APP_START_REFUSED` with every diagnostic when the program does not hold together.
 */
export async function buildProgram(program: Program): Promise<BuiltProgram> {
  const { graph, log, late } = program
  report(program.diagnostics, log.logger)
  const container = (late.container = new Container(graph, new Map([[Logger, nameLogger]])))
  const interception = new MethodInterception(
    graph,
    (type) => container.get(type),
    log.logger,
    () => container.getAll(CallProbe),
  )
  const singletons = await buildSingletons(container, interception)
  return {
    ...program,
    container,
    lifecycle: new Lifecycle(container, singletons, log.logger),
    compiler: new PipelineCompiler(container.get(CompileConfig).codegen),
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
