/** OpenTelemetry's SDK as an application uses it: loaded only where something is recorded. */
import type { Tracer } from '@opentelemetry/api'
import type { SpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace'
import type { Environment, Logger } from 'tenon'

import type { ObservabilityConfig } from '../observability-config.ts'
import { LostSpans } from './export/lost-spans.ts'
import { openExporter } from './export/open-exporter.ts'
import { RecordedIds, recordedSampler, RecordingSpans } from './sdk-parts.ts'
import type { SpanOrigin } from './untouched-span.ts'

export interface OpenProvider {
  readonly provider: TracerProvider
  readonly tracer: Tracer
  readonly ids: RecordedIds
  /** Of the spans that calls begin. */
  readonly origin: SpanOrigin
  /** What takes spans that have ended. */
  readonly exporters: readonly SpanProcessor[]
}

/** @throws `OBSERVABILITY_PACKAGE_MISSING`, `OBSERVABILITY_OTLP_ENDPOINT_MISSING` */
export async function openProvider(
  config: ObservabilityConfig,
  environment: Environment,
  logger: Logger,
): Promise<OpenProvider> {
  const [{ ParentBasedSampler, TraceIdRatioBasedSampler, TracerProvider }, { resourceFromAttributes }, exporters] =
    await Promise.all([
      import('@opentelemetry/sdk-trace'),
      import('@opentelemetry/resources'),
      openExporter(config, new LostSpans(logger)),
    ])
  const ids = new RecordedIds()
  const resource = resourceFromAttributes({
    'service.name': config.serviceName,
    'deployment.environment.name': environment.name,
  })
  const provider = new TracerProvider({
    idGenerator: ids,
    sampler: recordedSampler(new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(config.sampleRatio) })),
    spanProcessors: [new RecordingSpans(), ...exporters],
    resource,
  })
  const tracer = provider.getTracer('tenon')
  return { provider, tracer, ids, origin: { resource, instrumentationScope: scopeOf(tracer) }, exporters }
}

/** Every tracer of the SDK has it, though its type does not say so; spans of one scope stand together by its identity. */
function scopeOf(tracer: Tracer): SpanOrigin['instrumentationScope'] {
  return (tracer as unknown as SpanOrigin).instrumentationScope
}
