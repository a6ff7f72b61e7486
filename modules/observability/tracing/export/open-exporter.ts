/** Where spans go: loaded when it is chosen. */
import { createRequire } from 'node:module'

import type { SpanProcessor } from '@opentelemetry/sdk-trace'

import type { ObservabilityConfig, TraceExporter } from '../../observability-config.ts'
import { ExporterPackageMissing, OtlpEndpointMissing } from '../../observability-errors.ts'
import type { LostSpans } from './lost-spans.ts'
import { OtlpCarrier } from './otlp-carrier.ts'
import type { Serializer } from './serialized-parts.ts'
import { SpanSender } from './span-sender.ts'

/** The one sends, the other writes. */
const EXPORTER = '@opentelemetry/otlp-exporter-base'
const TRANSFORMER = '@opentelemetry/otlp-transformer'
const VERSION = '0.301.0'

const { resolve } = createRequire(import.meta.url)

/** What the settings come to. */
export function exporterOf({ exporter, otlpEndpoint }: ObservabilityConfig): TraceExporter {
  return exporter ?? (otlpEndpoint === undefined ? 'none' : 'otlp')
}

/** @throws `OBSERVABILITY_PACKAGE_MISSING`, `OBSERVABILITY_OTLP_ENDPOINT_MISSING` */
export async function openExporter(config: ObservabilityConfig, lost: LostSpans): Promise<readonly SpanProcessor[]> {
  const exporter = exporterOf(config)
  if (exporter === 'none') return []
  if (exporter === 'otlp') {
    if (config.otlpEndpoint === undefined) throw new OtlpEndpointMissing()
    const url = `${config.otlpEndpoint.replace(/\/+$/, '')}/v1/traces`
    return [new SpanSender(new OtlpCarrier(url, readHeaders(config.otlpHeaders), await loadSerializer()), lost)]
  }
  const { ConsoleSpanExporter, SimpleSpanProcessor } = await import('@opentelemetry/sdk-trace')
  return [new SimpleSpanProcessor({ exporter: new ConsoleSpanExporter() })]
}

/** Missing packages are told when the application starts, not when the first spans are ready. */
async function loadSerializer(): Promise<Serializer> {
  try {
    resolve(`${EXPORTER}/node-http`)
    return (await import('@opentelemetry/otlp-transformer')).ProtobufTraceSerializer
  } catch (error) {
    throw new ExporterPackageMissing('Exporting traces by OTLP', EXPORTER, TRANSFORMER, VERSION).causedBy(error)
  }
}

/** `name=value,name=value`, percent-encoded: https://opentelemetry.io/docs/specs/otel/protocol/exporter/ */
function readHeaders(text = ''): Record<string, string> {
  const pairs = text.split(',').map((pair) => pair.split(/=(.*)/s, 2).map((part) => part.trim()))
  return Object.fromEntries(
    pairs.flatMap(([name, value]) => (name && value !== undefined ? [[name, decodeURIComponent(value)]] : [])),
  )
}
