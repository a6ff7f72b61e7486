/** What of an application can be watched: read from its graph, so that nothing is forgotten and nothing made up. */
import { ModuleGraph, Routes, type Endpoint } from 'tenon'
import {
  BUDGET,
  COUNTED,
  decoratedMembers,
  GAUGE,
  Injectable,
  TIMED,
  type BudgetFact,
  type MetricFact,
} from 'tenon/decorators'

import { ObservabilityConfig } from '../observability-config.ts'
import { prometheusName } from '../metrics/open-metrics.ts'

export interface ObservedEndpoint {
  /** `TicketsController.list` */
  readonly name: string
  readonly controller: string
  readonly method: string
  readonly route: string
  readonly budget: BudgetFact | undefined
}

export interface ObservedMetric {
  /** In Prometheus: what is asked for. */
  readonly name: string
  readonly kind: 'histogram' | 'counter' | 'gauge'
  readonly description: string
  readonly unit: string
}

@Injectable()
export class Observed {
  readonly #graph: ModuleGraph
  readonly #routes: Routes
  readonly #config: ObservabilityConfig

  constructor(graph: ModuleGraph, routes: Routes, config: ObservabilityConfig) {
    this.#graph = graph
    this.#routes = routes
    this.#config = config
  }

  get service(): string {
    return this.#config.serviceName
  }

  /** Those that HTTP reaches, at the paths where they are served, without what machines ask for. */
  get endpoints(): readonly ObservedEndpoint[] {
    const found = this.#served.filter((endpoint) => !this.#isForMachines(endpoint)).map(observed)
    // Versions that a header tells apart are one route.
    return [...new Map(found.map((endpoint) => [`${endpoint.method} ${endpoint.route}`, endpoint])).values()]
  }

  /** Whether callers choose between versions. */
  get hasVersions(): boolean {
    return this.#served.some(({ version }) => version !== undefined)
  }

  get #served(): readonly Endpoint[] {
    return this.#routes.endpoints.filter(({ route }) => route !== undefined)
  }

  /** What the application and its modules measure by decorators. */
  get metrics(): readonly ObservedMetric[] {
    const found = this.#graph.providers.flatMap(({ implementation: type }) =>
      type
        ? decoratedMembers(type).flatMap((member) => [
            ...metricOf('histogram', TIMED.read(type, member)),
            ...metricOf('counter', COUNTED.read(type, member)),
            ...metricOf('gauge', GAUGE.read(type, member)),
          ])
        : [],
    )
    return [...new Map(found.map((metric) => [metric.name, metric])).values()]
  }

  #isForMachines({ route }: Endpoint): boolean {
    return this.#config.untraced.some((path) => route!.path === path || route!.path.startsWith(`${path}/`))
  }
}

function observed(endpoint: Endpoint): ObservedEndpoint {
  const { name, type, route } = endpoint
  const { method, path } = route!
  return { name, controller: type.name, method, route: path, budget: endpoint.read(BUDGET) }
}

function metricOf(kind: ObservedMetric['kind'], fact: MetricFact | undefined): readonly ObservedMetric[] {
  if (!fact) return []
  const name = prometheusName(fact)
  const isTotal = kind === 'counter' || fact.growsOnly
  const { description, unit } = fact
  return [{ name: isTotal ? `${name}_total` : name, kind: isTotal ? 'counter' : kind, description, unit }]
}
