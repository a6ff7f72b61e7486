/** Where spans go: loaded when it is chosen. */
import type { SpanProcessor } from '@opentelemetry/sdk-trace'

import { ExporterPackageMissing, OtlpEndpointMissing } from '../observability-errors.ts'
import type { ObservabilityConfig, TraceExporter } from '../observability-config.ts'

const OTLP = { name: '@opentelemetry/exporter-trace-otlp-http', version: '0.301.0' }

/** What the settings come to. */
export function exporterOf({ exporter, otlpEndpoint }: ObservabilityConfig): TraceExporter {
  return exporter ?? (otlpEndpoint === undefined ? 'none' : 'otlp')
}

/** @throws `OBSERVABILITY_PACKAGE_MISSING`, `OBSERVABILITY_OTLP_ENDPOINT_MISSING` */
export async function openExporter(config: ObservabilityConfig): Promise<readonly SpanProcessor[]> {
  const exporter = exporterOf(config)
  if (exporter === 'none') return []
  const { BatchSpanProcessor, ConsoleSpanExporter, SimpleSpanProcessor } = await import('@opentelemetry/sdk-trace')
  if (exporter === 'console') return [new SimpleSpanProcessor({ exporter: new ConsoleSpanExporter() })]
  if (config.otlpEndpoint === undefined) throw new OtlpEndpointMissing()
  const { OTLPTraceExporter } = await loadOtlp()
  const url = `${config.otlpEndpoint.replace(/\/+$/, '')}/v1/traces`
  const headers = readHeaders(config.otlpHeaders)
  return [new BatchSpanProcessor({ exporter: new OTLPTraceExporter({ url, headers }) })]
}

async function loadOtlp(): Promise<typeof import('@opentelemetry/exporter-trace-otlp-http')> {
  try {
    return await import('@opentelemetry/exporter-trace-otlp-http')
  } catch (error) {
    const { code = '', message = '' } = error as { code?: string; message?: string }
    if (!code.endsWith('MODULE_NOT_FOUND') || !message.includes(OTLP.name)) throw error
    throw new ExporterPackageMissing('Exporting traces by OTLP', OTLP.name, OTLP.version).causedBy(error)
  }
}

/** `name=value,name=value`, percent-encoded: https://opentelemetry.io/docs/specs/otel/protocol/exporter/ */
function readHeaders(text = ''): Record<string, string> {
  const pairs = text.split(',').map((pair) => pair.split(/=(.*)/s, 2).map((part) => part.trim()))
  return Object.fromEntries(
    pairs.flatMap(([name, value]) => (name && value !== undefined ? [[name, decodeURIComponent(value)]] : [])),
  )
}
