/** OpenTelemetry's SDK as an application uses it: loaded only where something is recorded. */
import type { Tracer } from '@opentelemetry/api'
import type { ReadableSpan, SpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace'
import type { Environment, Logger } from 'tenon'

import type { ObservabilityConfig } from '../observability-config.ts'
import { LostSpans } from './export/lost-spans.ts'
import { openExporter } from './export/open-exporter.ts'
import { RecordedIds, recordedSampler, RecordingSpans } from './sdk-parts.ts'

export interface OpenProvider {
  readonly provider: TracerProvider
  readonly tracer: Tracer
  readonly ids: RecordedIds
  /** The application, as collectors know it. */
  readonly resource: ReadableSpan['resource']
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
  return { provider, tracer: provider.getTracer('tenon'), ids, resource, exporters }
}
