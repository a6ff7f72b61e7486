/** Whether the application is well, out of its own state and of the checks its providers declare. */
import { decoratedMembers, HEALTH_CHECK, type HealthCheckFact, type MemberName } from '../../decorators/index.ts'
import type { ModuleGraph, ProviderModel } from '../graph/module-graph.ts'
import { HealthCheckTimeout } from './health-errors.ts'

export type HealthStatus = 'up' | 'degraded' | 'down'

export interface HealthReport {
  readonly status: HealthStatus
  readonly checks: Readonly<Record<string, 'up' | 'down'>>
}

/** Longest a check may take. */
const CHECK_TIMEOUT_MS = 1000

interface DeclaredCheck extends HealthCheckFact {
  readonly run: () => unknown
}

/** Injectable; readiness also depends on whether the application has started and is not draining. */
export class Health {
  #isServing = false
  #checks: readonly DeclaredCheck[] = []
  #onFailure: (name: string, error: unknown) => void = () => {}

  /** @internal Reads the checks of all singletons. */
  connect(
    graph: ModuleGraph,
    instanceOf: (provider: ProviderModel) => unknown,
    onFailure: (name: string, error: unknown) => void,
  ): void {
    this.#onFailure = onFailure
    this.#checks = graph.providers.flatMap((provider) => {
      const type = provider.implementation
      if (!type || provider.lifetime !== 'singleton') return []
      return decoratedMembers(type).flatMap((member) => {
        const fact = HEALTH_CHECK.read(type, member)
        const run = (): unknown => (instanceOf(provider) as Record<MemberName, () => unknown>)[member]?.()
        return fact ? [{ ...fact, run }] : []
      })
    })
  }

  /** @internal */
  set isServing(isServing: boolean) {
    this.#isServing = isServing
  }

  get isServing(): boolean {
    return this.#isServing
  }

  /** Whether the process should be left running. */
  live(): Promise<HealthReport> {
    return this.#report('liveness', true)
  }

  /** Whether traffic should be sent here. */
  ready(): Promise<HealthReport> {
    return this.#report('readiness', this.#isServing)
  }

  async #report(kind: HealthCheckFact['kind'], isWell: boolean): Promise<HealthReport> {
    const checks = this.#checks.filter((check) => check.kind === kind)
    const results = await Promise.all(checks.map((check) => this.#run(check)))
    const failed = checks.filter((_, index) => !results[index])
    const isDown = !isWell || failed.some((check) => check.critical)
    return {
      status: isDown ? 'down' : failed.length > 0 ? 'degraded' : 'up',
      checks: Object.fromEntries(checks.map((check, index) => [check.name, results[index] ? 'up' : 'down'])),
    }
  }

  async #run({ name, run }: DeclaredCheck): Promise<boolean> {
    const { promise: late, reject } = Promise.withResolvers<never>()
    const timer = setTimeout(() => reject(new HealthCheckTimeout(name, CHECK_TIMEOUT_MS)), CHECK_TIMEOUT_MS)
    try {
      await Promise.race([Promise.resolve(run()), late])
      return true
    } catch (error) {
      this.#onFailure(name, error)
      return false
    } finally {
      clearTimeout(timer)
    }
  }
}
