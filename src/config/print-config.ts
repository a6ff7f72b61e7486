/** Every effective value with its origin, secrets masked: for `tenon config` and for the log of a start. */
import type { ConfigOrigin, ConfigReading } from './read-config.ts'
import { showValue } from './show-value.ts'

/** One value as it may be shown. */
export interface DescribedValue {
  /** The name given to `@Config`. */
  readonly section: string
  /** `HttpConfig.port`. */
  readonly field: string
  readonly variable: string | undefined
  /** Masked when it is secret. */
  readonly value: string
  readonly origin: ConfigOrigin
  readonly description: string | undefined
}

/** Every value of every class, in the order of the classes and their fields. */
export function describeConfig(readings: readonly ConfigReading[]): readonly DescribedValue[] {
  return readings.flatMap(({ section, values }) =>
    values.map(({ field, variable, value, origin, isSecret, description }) => ({
      section,
      field,
      variable,
      value: showValue(value, isSecret),
      origin,
      description,
    })),
  )
}

/** The same as aligned text: name, value, origin; one section after the other. */
export function printConfig(readings: readonly ConfigReading[]): string {
  const values = describeConfig(readings)
  const nameOf = ({ variable, field }: DescribedValue): string => variable ?? field
  const nameWidth = Math.max(0, ...values.map((each) => nameOf(each).length))
  const valueWidth = Math.max(0, ...values.map(({ value }) => value.length))
  const lines = (section: readonly DescribedValue[]): readonly string[] =>
    section.map((each) => `  ${nameOf(each).padEnd(nameWidth)}  ${each.value.padEnd(valueWidth)}  ${each.origin}`)
  return [...Map.groupBy(values, ({ section }) => section)]
    .map(([section, each]) => [section, ...lines(each)].join('\n'))
    .join('\n')
}
