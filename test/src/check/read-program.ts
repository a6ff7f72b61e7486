/** Reads and checks a program as an application's start does, without building it. */
import type { Class } from 'tenon/decorators'

import { checkGraph } from '../../../src/check/check-graph.ts'
import type { Diagnostic } from '../../../src/check/diagnostic.ts'
import type { Environment } from '../../../src/config/read-environment.ts'
import { loadModules } from '../../../src/graph/load-modules.ts'
import { readGraph } from '../../../src/graph/read-graph.ts'

const TEST = { name: 'test', variables: {} } as Environment

/** Everything found in the program below `root`. */
export async function checkProgram(root: Class, environment: Environment = TEST): Promise<readonly Diagnostic[]> {
  const surroundings = { environment: environment.name, variables: environment.variables }
  const { modules, findings, configured } = await loadModules([root], surroundings)
  const createConfig = (): (() => unknown) => () => undefined
  const graph = readGraph({ modules, findings, configured, surroundings, createConfig })
  return checkGraph({ graph, environment, configured })
}
