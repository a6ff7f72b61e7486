/** `@Timed` and `@Counted`: metrics that methods have by themselves, on endpoints and providers alike. */
import type { Around, Endpoint, EndpointInterceptor } from 'tenon'
import { COUNTED, Injectable, Interceptor, TIMED, type MetricFact } from 'tenon/decorators'

import { whenDone } from '../when-done.ts'
import type { Family, FamilySource } from './families.ts'
import { Histogram, type Attributes, type Buckets } from './histogram.ts'

type OutcomeName = 'success' | 'failure'

@Injectable()
export class MethodMetrics implements FamilySource {
  readonly #histograms = new Map<string, Histogram>()
  readonly #counters = new Map<string, { readonly fact: MetricFact; readonly counts: Map<string, Count> }>()

  /** @returns What is called with the outcome and the seconds that the method took. */
  timer(fact: MetricFact): (outcome: OutcomeName, seconds: number) => void {
    let histogram = this.#histograms.get(fact.name)
    if (!histogram) this.#histograms.set(fact.name, (histogram = new Histogram(fact)))
    const series = byOutcome(fact, (attributes): Buckets => histogram.series(attributes))
    return (outcome, seconds) => void series[outcome].record(seconds)
  }

  counter(fact: MetricFact): (outcome: OutcomeName) => void {
    let counter = this.#counters.get(fact.name)
    if (!counter) this.#counters.set(fact.name, (counter = { fact, counts: new Map() }))
    const series = byOutcome(fact, (attributes): Count => {
      const key = JSON.stringify(attributes)
      let count = counter.counts.get(key)
      if (!count) counter.counts.set(key, (count = { attributes, value: 0 }))
      return count
    })
    return (outcome) => void (series[outcome].value += 1)
  }

  families(): readonly Family[] {
    const counters = [...this.#counters.values()].map(({ fact, counts }): Family => ({
      name: fact.name,
      type: 'counter',
      description: fact.description,
      unit: fact.unit,
      points: [...counts.values()],
    }))
    return [...[...this.#histograms.values()].flatMap((histogram) => histogram.families()), ...counters]
  }
}

interface Count {
  readonly attributes: Attributes
  value: number
}

function byOutcome<S>({ attributes }: MetricFact, make: (attributes: Attributes) => S): Record<OutcomeName, S> {
  return {
    success: make({ ...attributes, outcome: 'success' }),
    failure: make({ ...attributes, outcome: 'failure' }),
  }
}

/** Outermost of what stands around a method: what an interceptor takes is part of it. */
@Interceptor({ phase: 'observe', order: 100, on: 'all' })
export class MethodMetricsInterceptor implements EndpointInterceptor {
  readonly #metrics: MethodMetrics

  constructor(metrics: MethodMetrics) {
    this.#metrics = metrics
  }

  forEndpoint({ type, method }: Endpoint): Around | undefined {
    const timed = TIMED.read(type, method)
    const counted = COUNTED.read(type, method)
    if (!timed && !counted) return undefined
    const time = timed && this.#metrics.timer(timed)
    const count = counted && this.#metrics.counter(counted)
    return (_call, next) => {
      const startedAt = performance.now()
      return whenDone(next, (failure) => {
        const outcome = failure ? 'failure' : 'success'
        time?.(outcome, (performance.now() - startedAt) / 1000)
        count?.(outcome)
      })
    }
  }
}
