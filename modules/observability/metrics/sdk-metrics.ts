/** Metrics that applications and libraries measure by OpenTelemetry's own API: `metrics.getMeter('orders')`. */
import { metrics } from '@opentelemetry/api'
import type { MeterProvider, MetricData, MetricReader } from '@opentelemetry/sdk-metrics'
import { Injectable, OnInit, OnShutdown } from 'tenon/decorators'

import { ObservabilityConfig } from '../observability-config.ts'
import type { Family, Point } from './families.ts'

@Injectable()
export class SdkMetrics {
  readonly #config: ObservabilityConfig
  #provider: MeterProvider | undefined
  #reader: MetricReader | undefined

  constructor(config: ObservabilityConfig) {
    this.#config = config
  }

  /** Whoever came first in the process stays. */
  @OnInit()
  async open(): Promise<void> {
    const { MeterProvider, MetricReader } = await import('@opentelemetry/sdk-metrics')
    class PulledReader extends MetricReader {
      protected override async onShutdown(): Promise<void> {}
      protected override async onForceFlush(): Promise<void> {}
    }
    const limit = this.#config.seriesLimit
    this.#reader = new PulledReader({ cardinalitySelector: () => limit })
    this.#provider = new MeterProvider({ readers: [this.#reader] })
    metrics.setGlobalMeterProvider(this.#provider)
  }

  @OnShutdown()
  async close(): Promise<void> {
    if (metrics.getMeterProvider() === this.#provider) metrics.disable()
    await this.#provider?.shutdown()
  }

  async families(): Promise<readonly Family[]> {
    const { resourceMetrics } = (await this.#reader?.collect()) ?? {}
    return resourceMetrics?.scopeMetrics.flatMap((scope) => scope.metrics.flatMap(familyOf)) ?? []
  }
}

function familyOf(data: MetricData): readonly Family[] {
  const type = TYPES[data.dataPointType]
  // Exponential histograms have no form in text.
  if (!type) return []
  const { name, description, unit } = data.descriptor
  const isCounter = 'isMonotonic' in data && data.isMonotonic
  const points = data.dataPoints.map(({ attributes, value }): Point => ({ attributes, value: pointValue(value) }))
  return points.length === 0 ? [] : [{ name, description, unit, type: isCounter ? 'counter' : type, points }]
}

/** `DataPointType`: histogram, exponential histogram, gauge, sum. */
const TYPES: readonly (Family['type'] | undefined)[] = ['histogram', undefined, 'gauge', 'gauge']

interface SdkHistogram {
  readonly buckets: { readonly boundaries: readonly number[]; readonly counts: readonly number[] }
  readonly sum?: number
  readonly count: number
}

function pointValue(value: unknown): Point['value'] {
  if (typeof value === 'number') return value
  const { buckets, sum = 0, count } = value as SdkHistogram
  return { bounds: buckets.boundaries, counts: buckets.counts, sum, count }
}
