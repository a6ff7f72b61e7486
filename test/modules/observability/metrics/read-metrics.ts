/** Reads the text of OpenMetrics strictly, so that a test sees what Prometheus would see. */

export interface Sample {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
  readonly exemplar: { readonly labels: Readonly<Record<string, string>>; readonly value: number } | undefined
}

const LABELS = String.raw`\{(?:[a-zA-Z_]\w*="(?:[^"\\\n]|\\.)*",?)*\}`
const LINE = new RegExp(
  String.raw`^(?<name>[a-zA-Z_:][\w:]*)(?<labels>${LABELS})? (?<value>\S+)(?: # (?<exemplar>${LABELS}) (?<exemplarValue>\S+) [\d.]+)?$`,
)

/** @throws For a line that is neither a sample nor what may stand beside samples, and for a series that stands twice. */
export function readMetrics(text: string): readonly Sample[] {
  const seen = new Set<string>()
  return text.split('\n').flatMap((line) => {
    if (line === '' || /^# (TYPE|UNIT|HELP) |^# EOF$/.test(line)) return []
    const { name, labels, value, exemplar, exemplarValue } = LINE.exec(line)?.groups ?? {}
    if (name === undefined) throw new Error(`No sample: ${line}`)
    if (seen.has(name + labels)) throw new Error(`Stands twice: ${line}`)
    seen.add(name + labels)
    return [
      {
        name,
        labels: readLabels(labels),
        value: value === '+Inf' ? Infinity : Number(value),
        exemplar: exemplar === undefined ? undefined : { labels: readLabels(exemplar), value: Number(exemplarValue) },
      },
    ]
  })
}

function readLabels(text = ''): Readonly<Record<string, string>> {
  const pairs = [...text.matchAll(/([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"/g)].map(
    ([, name, value]): readonly [string, string] => [
      name!,
      value!.replaceAll(/\\(.)/g, (_all, escaped: string) => (escaped === 'n' ? '\n' : escaped)),
    ],
  )
  const labels = Object.fromEntries(pairs)
  if (Object.keys(labels).length < pairs.length) throw new Error(`A label stands twice: ${text}`)
  return labels
}

/** The values of a metric, by the labels that are asked for. */
export function valuesOf(
  samples: readonly Sample[],
  name: string,
  labels: Readonly<Record<string, string>> = {},
): readonly number[] {
  return samples
    .filter((each) => each.name === name && Object.entries(labels).every(([key, value]) => each.labels[key] === value))
    .map(({ value }) => value)
}
