/** What metrics come to when somebody looks: families of points, whoever has measured them. */
import type { MetricAttributes } from 'tenon/decorators'

export interface Family {
  /** Dotted, without unit: `http.server.request.duration`. */
  readonly name: string
  readonly type: 'counter' | 'gauge' | 'histogram'
  readonly description: string
  /** UCUM: `s`, `By`, `{call}`. */
  readonly unit: string
  readonly points: readonly Point[]
}

export interface Point {
  readonly attributes: Readonly<Record<string, unknown>>
  readonly value: number | Distribution
}

/** A histogram's values. */
export interface Distribution {
  readonly sum: number
  readonly count: number
  /** Upper bounds, ascending; one bucket more than these. */
  readonly bounds: readonly number[]
  readonly counts: readonly number[]
  /** For each bucket the last call that fell into it and was traced. */
  readonly exemplars?: readonly (Exemplar | undefined)[]
}

export interface Exemplar {
  readonly value: number
  /** Of a call that fell into the bucket. */
  readonly identity: { readonly traceId: string; readonly spanId: string }
  readonly atMs: number
}

/** Who has something to tell. */
export interface FamilySource {
  families(): readonly Family[]
}

/** Stands for all series beyond the limit, as in OpenTelemetry's SDK. */
export const OVERFLOW: MetricAttributes = { 'otel.metric.overflow': true }
