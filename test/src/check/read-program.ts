/** Reads and checks a program as an application's start does, without building it. */
import type { Class } from 'tenon/decorators'

import { kernelModule } from '../../../src/application/kernel-module.ts'
import { checkGraph } from '../../../src/check/check-graph.ts'
import type { Diagnostic } from '../../../src/check/diagnostic.ts'
import { Environment } from '../../../src/config/read-environment.ts'
import { Container } from '../../../src/container/container.ts'
import { loadModules } from '../../../src/graph/load-modules.ts'
import { ModuleGraph } from '../../../src/graph/module-graph.ts'
import { readGraph } from '../../../src/graph/read-graph.ts'
import { LogControl } from '../../../src/logging/log-control.ts'
import { Logger } from '../../../src/logging/logger.ts'

/** What a fixture exports. */
export interface Program {
  readonly AppModule: Class
  /** Name of the environment. Default: `test`. */
  readonly environment?: string
  /** Environment variables. Default: none. */
  readonly variables?: Readonly<Record<string, string>>
}

/** Everything found in a program. */
export async function checkProgram(program: Program): Promise<readonly Diagnostic[]> {
  const environment = new Environment(program.environment ?? 'test', program.variables ?? {})
  const surroundings = { environment: environment.name, variables: environment.variables }
  const { modules, findings, configured } = await loadModules([program.AppModule], surroundings)
  const createConfig = (): (() => unknown) => () => undefined
  const kernel = kernelModule([
    { provide: Environment, useValue: environment },
    ...[Logger, LogControl, ModuleGraph, Container].map((provide) => ({ provide, useFactory: () => undefined })),
  ])
  const graph = readGraph({ modules: [kernel, ...modules], findings, configured, surroundings, createConfig })
  return checkGraph({ graph, environment, configured })
}
