/**
 * Families as text: OpenMetrics 1.0 (https://github.com/prometheus/OpenMetrics/blob/main/specification/OpenMetrics.md) with
 * exemplars, or the older text of Prometheus, which has none. Names follow OpenTelemetry's rules for Prometheus: dots
 * become underscores, units are spelled out at the end.
 */
import type { Distribution, Exemplar, Family, Point } from './families.ts'

export const OPEN_METRICS = 'application/openmetrics-text; version=1.0.0; charset=utf-8'
export const PROMETHEUS_TEXT = 'text/plain; version=0.0.4; charset=utf-8'

const UNITS: Readonly<Record<string, string>> = {
  s: 'seconds',
  ms: 'milliseconds',
  By: 'bytes',
  '%': 'percent',
  '1': 'ratio',
}

/** The name in Prometheus, without `_total` or `_bucket`. */
export function prometheusName({ name, unit }: Pick<Family, 'name' | 'unit'>): string {
  const plain = name.replace(/[^A-Za-z0-9_:]/g, '_').replace(/^(?=\d)/, '_')
  const suffix = UNITS[unit]
  return suffix === undefined || plain.endsWith(`_${suffix}`) ? plain : `${plain}_${suffix}`
}

export function writeOpenMetrics(families: readonly Family[]): string {
  return `${merged(families)
    .map((family) => writeFamily(family, true))
    .join('')}# EOF\n`
}

export function writePrometheusText(families: readonly Family[]): string {
  return merged(families)
    .map((family) => writeFamily(family, false))
    .join('')
}

/** A name must stand once; what is told of it again with another type is left out. */
function merged(families: readonly Family[]): readonly Family[] {
  const byName = new Map<string, Family>()
  for (const family of families) {
    const name = prometheusName(family)
    const known = byName.get(name)
    if (!known) byName.set(name, family)
    else if (known.type === family.type) byName.set(name, { ...known, points: [...known.points, ...family.points] })
  }
  return [...byName.values()]
}

function writeFamily(family: Family, isOpen: boolean): string {
  const { type, description, points, unit } = family
  const base = prometheusName(family).replace(/_total$/, '')
  const name = type === 'counter' ? `${base}_total` : base
  const family_ = isOpen ? base : name
  const lines = [`# TYPE ${family_} ${type}`]
  if (isOpen && UNITS[unit] !== undefined) lines.push(`# UNIT ${family_} ${UNITS[unit]}`)
  if (description !== '') lines.push(`# HELP ${family_} ${escape(description)}`)
  const seen = new Set<string>()
  for (const { attributes, value } of points) {
    const labels = labelsOf(attributes)
    // A series that stands twice would cost the whole answer.
    const series = labels.join(',')
    if (seen.has(series)) continue
    seen.add(series)
    if (typeof value === 'number') lines.push(`${name}${braced(labels)} ${number(value)}`)
    else lines.push(...distribution(base, labels, value, isOpen))
  }
  return `${lines.join('\n')}\n`
}

function distribution(
  name: string,
  labels: readonly string[],
  { bounds, counts, sum, count, exemplars = [] }: Distribution,
  isOpen: boolean,
): readonly string[] {
  let total = 0
  const buckets = counts.map((each, index) => {
    total += each
    const le = index === bounds.length ? '+Inf' : boundary(bounds[index]!)
    const exemplar = isOpen ? exemplars[index] : undefined
    return `${name}_bucket${braced([...labels, `le="${le}"`])} ${total}${exemplar ? exemplarText(exemplar) : ''}`
  })
  return [...buckets, `${name}_count${braced(labels)} ${count}`, `${name}_sum${braced(labels)} ${number(sum)}`]
}

function exemplarText({ identity: { traceId, spanId }, value, atMs }: Exemplar): string {
  return ` # {trace_id="${traceId}",span_id="${spanId}"} ${number(value)} ${(atMs / 1000).toFixed(3)}`
}

/** Attributes that come to the same label are joined: https://opentelemetry.io/docs/specs/otel/compatibility/prometheus_and_openmetrics/ */
function labelsOf(attributes: Point['attributes']): readonly string[] {
  const values = new Map<string, string>()
  for (const [name, value] of Object.entries(attributes)) {
    const key = name.replace(/[^A-Za-z0-9_]/g, '_').replace(/^(?=\d)/, '_')
    const text = typeof value === 'string' ? value : JSON.stringify(value)
    const known = values.get(key)
    values.set(key, known === undefined ? text : `${known};${text}`)
  }
  return [...values].map(([key, text]) => `${key}="${escape(text).replaceAll('"', '\\"')}"`)
}

function braced(labels: readonly string[]): string {
  return labels.length === 0 ? '' : `{${labels.join(',')}}`
}

/** Backslashes and line breaks; quotes are the business of labels. */
function escape(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')
}

/** Bounds are floats: `1.0`. */
function boundary(bound: number): string {
  return Number.isInteger(bound) ? `${bound}.0` : String(bound)
}

function number(value: number): string {
  if (value === Infinity) return '+Inf'
  if (value === -Infinity) return '-Inf'
  return String(value)
}
