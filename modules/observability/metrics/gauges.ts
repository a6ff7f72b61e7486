/** Reads what providers measure with `@Gauge`, whenever somebody looks. */
import { Container, Logger, ModuleGraph, type LogFields } from 'tenon'
import { decoratedMembers, GAUGE, Injectable, OnReady, type GaugeReading, type MetricFact } from 'tenon/decorators'

import { ObservabilityConfig } from '../observability-config.ts'
import type { Family, FamilySource, Point } from './families.ts'

interface DeclaredGauge {
  readonly fact: MetricFact
  readonly read: () => GaugeReading
}

@Injectable()
export class Gauges implements FamilySource {
  readonly #graph: ModuleGraph
  readonly #container: Container
  readonly #logger: Logger
  readonly #limit: number
  readonly #told = new Set<string>()
  #gauges: readonly DeclaredGauge[] = []

  constructor(graph: ModuleGraph, container: Container, logger: Logger, { seriesLimit }: ObservabilityConfig) {
    this.#limit = seriesLimit
    this.#graph = graph
    this.#container = container
    this.#logger = logger
  }

  @OnReady()
  find(): void {
    this.#gauges = this.#graph.providers.flatMap((provider) => {
      const type = provider.implementation
      if (!type || provider.lifetime !== 'singleton') return []
      return decoratedMembers(type).flatMap((member) => {
        const fact = GAUGE.read(type, member)
        if (!fact) return []
        const instance = this.#container.instanceOf(provider) as Record<typeof member, () => GaugeReading>
        return [{ fact, read: () => instance[member]!() }]
      })
    })
  }

  families(): readonly Family[] {
    return this.#gauges.flatMap(({ fact, read }) => {
      const points = this.#read(fact, read)
      const { name, description, unit, growsOnly } = fact
      return points.length === 0
        ? []
        : [{ name, type: growsOnly ? ('counter' as const) : ('gauge' as const), description, unit, points }]
    })
  }

  /** One that fails is left out, and so is what is more than the limit; it is told once. */
  #read({ name, attributes }: MetricFact, read: () => GaugeReading): readonly Point[] {
    try {
      const reading = read()
      if (reading === undefined) return []
      if (typeof reading === 'number') return [{ attributes, value: reading }]
      if (reading.length > this.#limit) {
        this.#tell(name, `The gauge "${name}" has ${reading.length} readings; ${this.#limit} of them are told.`)
      }
      return reading
        .slice(0, this.#limit)
        .map((each) => ({ attributes: { ...attributes, ...each.attributes }, value: each.value }))
    } catch (error) {
      this.#tell(name, `The gauge "${name}" cannot be read.`, { error })
      return []
    }
  }

  #tell(name: string, message: string, fields: LogFields = {}): void {
    if (!this.#told.has(name)) this.#logger.warn(message, fields)
    this.#told.add(name)
  }
}
