/** Where spans go: loaded when it is chosen. */
import type { SpanProcessor } from '@opentelemetry/sdk-trace'

import type { ObservabilityConfig, TraceExporter } from '../../observability-config.ts'
import { OtlpEndpointMissing } from '../../observability-errors.ts'
import type { LostSpans } from './lost-spans.ts'
import { OtlpCarrier } from './otlp-carrier.ts'
import { SpanSender } from './span-sender.ts'

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
    return [new SpanSender(new OtlpCarrier(url, readHeaders(config.otlpHeaders)), lost)]
  }
  const { ConsoleSpanExporter, SimpleSpanProcessor } = await import('@opentelemetry/sdk-trace')
  return [new SimpleSpanProcessor({ exporter: new ConsoleSpanExporter() })]
}

/** `name=value,name=value`, percent-encoded: https://opentelemetry.io/docs/specs/otel/protocol/exporter/ */
function readHeaders(text = ''): Record<string, string> {
  const pairs = text.split(',').map((pair) => pair.split(/=(.*)/s, 2).map((part) => part.trim()))
  return Object.fromEntries(
    pairs.flatMap(([name, value]) => (name && value !== undefined ? [[name, decodeURIComponent(value)]] : [])),
  )
}
