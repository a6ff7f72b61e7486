/**
 * A thread that sends spans: OTLP over HTTP by OpenTelemetry's own client, whose business retries, time limits, compression
 * and certificates are (`OTEL_EXPORTER_OTLP_…`). In the thread that serves requests a client of `node:http` would make all
 * that it shares with the server slower (docs/decisions/0023).
 */
import { parentPort, workerData } from 'node:worker_threads'

import { ExportResultCode } from '@opentelemetry/core'
import { convertLegacyHttpOptions, createOtlpHttpExportDelegate } from '@opentelemetry/otlp-exporter-base/node-http'
import { ProtobufTraceSerializer } from '@opentelemetry/otlp-transformer'

/** What the thread is told when it begins. */
export interface OtlpTarget {
  /** With `/v1/traces`. */
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  /** Batches that may be under way. */
  readonly most: number
}

export interface SentBatch {
  readonly id: number
  /** How many spans it holds. */
  readonly count: number
  readonly body: Uint8Array<ArrayBuffer>
}

export interface BatchResult {
  readonly id: number
  /** Why the spans are lost; `undefined` where they arrived. */
  readonly error: string | undefined
  /** To be written again. */
  readonly memory: ArrayBuffer
}

const { url, headers, most } = workerData as OtlpTarget
const client = createOtlpHttpExportDelegate(
  // oxlint-disable-next-line typescript/no-deprecated -- the exporters of OpenTelemetry use it themselves: nothing else reads their variables
  convertLegacyHttpOptions({ url, headers, concurrencyLimit: most }, 'TRACES', 'v1/traces', {
    'Content-Type': 'application/x-protobuf',
  }),
  {
    serializeRequest: ({ body }: SentBatch) => body,
    deserializeResponse: (bytes) => ProtobufTraceSerializer.deserializeResponse(bytes),
  },
  'otlp_http_exporter',
  { name: 'span', countItems: ({ count }) => count },
  undefined,
)

parentPort!.on('message', (batch: SentBatch) => {
  client.export(batch, ({ code, error }) => {
    const isSent = code === ExportResultCode.SUCCESS
    const { id, body } = batch
    const memory = body.buffer
    const result: BatchResult = { id, error: isSent ? undefined : (error?.message ?? 'no reason given'), memory }
    parentPort!.postMessage(result, [memory])
  })
})
