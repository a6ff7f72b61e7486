/** Whether the application is well, out of its own state and of the checks its providers declare. */
import {
  decoratedMembers,
  HEALTH_CHECK,
  Injectable,
  type HealthCheckFact,
  type HealthCheckOptions,
  type MemberName,
} from '../../decorators/index.ts'
import { Clock } from '../clock/clock.ts'
import type { ModuleGraph, ProviderModel } from '../graph/module-graph.ts'
import { HealthCheckTimeout } from './health-errors.ts'

export type HealthStatus = 'up' | 'degraded' | 'down'

export interface HealthReport {
  readonly status: HealthStatus
  readonly checks: Readonly<Record<string, 'up' | 'down'>>
}

/** A check that is known only when the application runs; what it leaves out is as for `@HealthCheck`. */
export interface AddedCheck extends HealthCheckOptions {
  readonly name: string
  /** Well when it returns, ill when it throws or rejects. */
  readonly run: () => unknown
}

interface DeclaredCheck extends HealthCheckFact {
  readonly run: () => unknown
  /** What came last, or is on its way, and until when it holds. */
  answer?: { readonly isWell: Promise<boolean>; holdsUntil: number }
}

/** Injectable; readiness also depends on whether the application has started and is not draining. */
@Injectable()
export class Health {
  readonly #clock: Clock
  #isServing = false
  #declared: readonly DeclaredCheck[] = []
  readonly #added: DeclaredCheck[] = []
  #onFailure: (name: string, error: unknown) => void = () => {}

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** @internal Reads the checks of all singletons. */
  connect(
    graph: ModuleGraph,
    instanceOf: (provider: ProviderModel) => unknown,
    onFailure: (name: string, error: unknown) => void,
  ): void {
    this.#onFailure = onFailure
    this.#declared = graph.providers.flatMap((provider) => {
      const type = provider.implementation
      if (!type || provider.lifetime !== 'singleton') return []
      return decoratedMembers(type).flatMap((member) => {
        const fact = HEALTH_CHECK.read(type, member)
        const run = (): unknown => (instanceOf(provider) as Record<MemberName, () => unknown>)[member]?.()
        return fact ? [{ ...fact, run }] : []
      })
    })
  }

  /**
   * Asks this as well: for what settings name, such as several databases. What is written above a method is `@HealthCheck`.
   * @example `health.add({ name: 'database.reports', critical: false, run: () => reports.check() })`
   */
  add({ kind = 'readiness', critical = true, timeoutMs = 1000, cacheMs = 0, name, run }: AddedCheck): void {
    this.#added.push({ kind, critical, timeoutMs, cacheMs, name, run })
  }

  get #checks(): readonly DeclaredCheck[] {
    return [...this.#declared, ...this.#added]
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

  /** A check runs once at a time, however many ask. */
  #run(check: DeclaredCheck): Promise<boolean> {
    const now = this.#clock.epochMs()
    if (check.answer && check.answer.holdsUntil > now) return check.answer.isWell
    const answer = { isWell: this.#ask(check), holdsUntil: Infinity }
    check.answer = answer
    void answer.isWell.then(() => (answer.holdsUntil = now + check.cacheMs))
    return answer.isWell
  }

  async #ask({ name, run, timeoutMs }: DeclaredCheck): Promise<boolean> {
    const { promise: late, reject } = Promise.withResolvers<never>()
    const timer = setTimeout(() => reject(new HealthCheckTimeout(name, timeoutMs)), timeoutMs)
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
