/** Holds endpoints to `@Budget` while tests run; in other environments nothing of it takes part. */
import {
  ApplicationSite,
  ContextKey,
  Environment,
  tryCtx,
  type CallContext,
  type Contribution,
  type Endpoint,
  type EndpointInterceptor,
} from 'tenon'
import { BUDGET, Injectable, Interceptor, OnInit, OnShutdown } from 'tenon/decorators'

import { ChannelListeners } from '../channel-listeners.ts'
import { QueryBudgetExceeded, TimeBudgetExceeded } from '../observability-errors.ts'
import { isTransactionEnd, wantPlaces, type QueryMessage } from '../tracing/query-spans.ts'

/** The statements that the call has sent. */
const STATEMENTS = new ContextKey<string[]>('observability.statements')

/** As many calls must there be to speak of the slowest of a hundred. */
const ENOUGH_CALLS = 20

@Injectable()
export class Budgets {
  readonly #isTest: boolean
  readonly #channels: ChannelListeners
  readonly #durations = new Map<string, { readonly p99: number; readonly calls: number[] }>()

  constructor({ isTest }: Environment) {
    this.#isTest = isTest
    this.#channels = new ChannelListeners({
      'tracing:tenon:data:query:start': this.#note,
      'tenon:data:asked': wantPlaces,
    })
  }

  @OnInit()
  listen(): void {
    if (this.#isTest) this.#channels.listen()
  }

  @OnShutdown()
  stop(): void {
    this.#channels.stop()
  }

  /** Where endpoints are held to their budgets. */
  get areHeld(): boolean {
    return this.#isTest
  }

  recordDuration(endpoint: string, p99: number, durationMs: number): void {
    const known = this.#durations.get(endpoint) ?? { p99, calls: [] }
    known.calls.push(durationMs)
    this.#durations.set(endpoint, known)
  }

  /**
   * Holds the calls so far to their `p99`, each endpoint that was called at least twenty times.
   * @throws `OBSERVABILITY_TIME_BUDGET_EXCEEDED`
   */
  check(): void {
    const slow = [...this.#durations].flatMap(([endpoint, { p99, calls }]) => {
      const sorted = calls.toSorted((a, b) => a - b)
      const actual = sorted[Math.ceil(sorted.length * 0.99) - 1] ?? 0
      return sorted.length >= ENOUGH_CALLS && actual > p99
        ? [`${endpoint} took ${actual.toFixed(1)} ms where ${p99} ms are allowed`]
        : []
    })
    if (slow.length > 0) throw new TimeBudgetExceeded(slow.join('; '))
  }

  readonly #note = ({ sql, askedAt }: QueryMessage): void => {
    const statements = tryCtx()?.get(STATEMENTS)
    if (!statements) return
    if (!isTransactionEnd(sql))
      statements.push(`${new ApplicationSite().place ?? askedAt ?? 'an unknown place'}  ${sql}`)
  }
}

/** Outside of what answers and maps errors, so that a call over its budget fails whatever it answered. */
@Interceptor({ phase: 'observe', order: -800 })
export class BudgetInterceptor implements EndpointInterceptor {
  readonly #budgets: Budgets

  constructor(budgets: Budgets) {
    this.#budgets = budgets
  }

  forEndpoint(endpoint: Endpoint): Contribution | undefined {
    const budget = this.#budgets.areHeld ? endpoint.read(BUDGET) : undefined
    if (!budget) return undefined
    const { p99, queries } = budget
    const note = (call: CallContext): void => {
      if (p99 === undefined) return
      call.onSettled(({ durationMs }) => this.#budgets.recordDuration(endpoint.name, p99, durationMs))
    }
    if (queries === undefined) return { before: note }
    return {
      before: note,
      around: async (call, next) => {
        const statements: string[] = []
        call.set(STATEMENTS, statements)
        const result = await next()
        if (statements.length > queries) {
          throw new QueryBudgetExceeded(endpoint.name, queries, statements.length, statements.join('\n'))
        }
        return result
      },
    }
  }
}

/**
 * For tests: fails when endpoints were slower than their `@Budget({ p99 })` in the calls of this application so far.
 * @throws `OBSERVABILITY_TIME_BUDGET_EXCEEDED`
 */
export function expectBudgets(app: { get(token: typeof Budgets): Budgets }): void {
  app.get(Budgets).check()
}
