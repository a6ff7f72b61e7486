/** A rule looks at the whole program and answers everything it finds wrong. */
import type { Class, ConfiguredModule } from '../../decorators/index.ts'
import type { Environment } from '../config/read-environment.ts'
import type { ModuleGraph } from '../graph/module-graph.ts'
import type { Diagnostic } from './diagnostic.ts'

export interface CheckInput {
  readonly graph: ModuleGraph
  readonly environment: Environment
  /** Settings given in code, by module. */
  readonly configured: ReadonlyMap<Class, ConfiguredModule>
}

/** One rule; modules add theirs with `@Module({ rules })`. */
export type CheckRule = (input: CheckInput) => readonly Diagnostic[] | Promise<readonly Diagnostic[]>
