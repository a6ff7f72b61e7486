/** A histogram whose series are known beforehand, so that recording is a look into an array: no attributes are compared. */
import type { Distribution, Exemplar, Family, FamilySource, Point } from './families.ts'

/** In seconds, as the semantic conventions advise: https://opentelemetry.io/docs/specs/semconv/http/http-metrics/ */
export const SECONDS: readonly number[] = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10]

export type Attributes = Readonly<Record<string, string | number | boolean>>

/** One series. */
export class Buckets implements Distribution {
  readonly bounds: readonly number[]
  readonly counts: number[]
  readonly exemplars: (Exemplar | undefined)[] = []
  sum = 0
  count = 0

  constructor(bounds: readonly number[]) {
    this.bounds = bounds
    this.counts = Array.from({ length: bounds.length + 1 }, () => 0)
  }

  /** @returns The bucket it fell into. */
  record(value: number): number {
    const { bounds } = this
    let bucket = 0
    while (bucket < bounds.length && value > bounds[bucket]!) bucket += 1
    this.counts[bucket]! += 1
    this.sum += value
    this.count += 1
    return bucket
  }
}

export type HistogramParts = Pick<Family, 'name' | 'description' | 'unit'>

export class Histogram implements FamilySource {
  readonly #parts: HistogramParts
  readonly #series = new Map<string, { readonly attributes: Attributes; readonly buckets: Buckets }>()

  constructor(parts: HistogramParts) {
    this.#parts = parts
  }

  /** The series with these attributes, looked up once: the caller keeps it. */
  series(attributes: Attributes): Buckets {
    const key = JSON.stringify(attributes)
    let series = this.#series.get(key)
    if (!series) this.#series.set(key, (series = { attributes, buckets: new Buckets(SECONDS) }))
    return series.buckets
  }

  get size(): number {
    return this.#series.size
  }

  families(): readonly Family[] {
    const points = [...this.#series.values()].map(({ attributes, buckets }): Point => ({ attributes, value: buckets }))
    return points.length === 0 ? [] : [{ ...this.#parts, type: 'histogram', points }]
  }
}
