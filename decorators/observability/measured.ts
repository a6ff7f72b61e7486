/** `@Timed`, `@Counted` and `@Gauge`: numbers that an application tells about itself. */
import { annotate } from '../annotate.ts'
import { MetadataKey } from '../metadata.ts'

export interface MetricFact {
  /** Dotted and lower case: `orders.checkout`. */
  readonly name: string
  /** One sentence for whoever reads the metric. */
  readonly description: string
  /** In the words of UCUM (https://ucum.org): `s`, `By`, `{connection}`. Empty: a bare number. */
  readonly unit: string
  /** Labels of every value. Never put what callers choose here: each new value is a new series. */
  readonly attributes: MetricAttributes
  /** Of gauges: a total that never becomes less while the process lives, such as seconds of processor time. */
  readonly growsOnly: boolean
}

export type MetricAttributes = Readonly<Record<string, string | number | boolean>>
export type MetricOptions = Partial<Omit<MetricFact, 'name'>>

/** A number, or several that differ in their attributes. */
export type GaugeReading =
  | number
  | undefined
  | readonly { readonly value: number; readonly attributes: MetricAttributes }[]

export const TIMED = new MetadataKey<MetricFact>('observability.timed')
export const COUNTED = new MetadataKey<MetricFact>('observability.counted')
export const GAUGE = new MetadataKey<MetricFact>('observability.gauge')

/** Records how long the method takes, as a histogram in seconds with the label `outcome` (`success` or `failure`). */
export function Timed(name: string, options: Omit<MetricOptions, 'unit' | 'growsOnly'> = {}): MethodDecorator {
  return annotate(TIMED, metric(name, { ...options, unit: 's' }))
}

/** Counts the calls of the method, with the label `outcome` (`success` or `failure`). */
export function Counted(name: string, options: Omit<MetricOptions, 'growsOnly'> = {}): MethodDecorator {
  return annotate(COUNTED, metric(name, options))
}

/**
 * The method of a singleton answers what is to be measured whenever somebody looks: a number, `undefined` when there is
 * none, or several numbers with attributes. It must be synchronous and cheap.
 */
export function Gauge(
  name: string,
  options: MetricOptions = {},
): <R extends GaugeReading>(target: object, member: string | symbol, method: TypedPropertyDescriptor<() => R>) => void {
  return annotate(GAUGE, metric(name, options))
}

function metric(name: string, options: MetricOptions): MetricFact {
  return { name, description: '', unit: '', attributes: {}, growsOnly: false, ...options }
}
