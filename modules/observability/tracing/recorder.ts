/** Decides which calls are recorded, and records them: spans by OpenTelemetry, times and counts for the insight. */
import {
  context as contextApi,
  propagation,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  type Attributes,
  type Context,
  type SpanContext,
  type Tracer,
} from '@opentelemetry/api'
import type { ReadableSpan, TracerProvider } from '@opentelemetry/sdk-trace'
import {
  Environment,
  HttpContext,
  LogControl,
  Logger,
  type CallContext,
  type Endpoint,
  type LogFields,
  type Outcome,
} from 'tenon'
import { Injectable, OnInit, OnShutdown } from 'tenon/decorators'

import { DevCalls } from '../dev/dev-calls.ts'
import { ObservabilityConfig } from '../observability-config.ts'
import { CALL_CONTEXTS, type CallOwner } from './call-contexts.ts'
import { CallRecording, RECORDING } from './call-recording.ts'
import { endpointAttributes, spanName, writeRequest } from './http-attributes.ts'
import { RecordedIds, recordedSampler, RecordingContext, RecordingSpans } from './sdk-parts.ts'
import { exporterOf, openExporter } from './open-exporters.ts'
import { callersContext, PROPAGATOR } from './propagation.ts'
import { errorType } from './run-in-span.ts'
import { callersTrace, identityOf, traceIdFor, unrecordedContext } from './trace-identity.ts'

/** How long the end of an application waits for its last spans. */
const LAST_SPANS_MS = 3000

@Injectable()
export class Recorder implements CallOwner {
  readonly #config: ObservabilityConfig
  readonly #environment: Environment
  readonly #log: LogControl
  readonly #logger: Logger
  readonly #devCalls: DevCalls
  readonly #ids = new RecordedIds()
  readonly #attributes = new WeakMap<Endpoint, Attributes>()
  readonly #exports: boolean
  readonly #keeps: boolean
  readonly #isTimed: ((call: CallContext) => boolean) | undefined
  #provider: TracerProvider | undefined
  #tracer: Tracer | undefined
  #endReading: () => void = () => {}

  constructor(
    config: ObservabilityConfig,
    environment: Environment,
    log: LogControl,
    logger: Logger,
    devCalls: DevCalls,
  ) {
    this.#config = config
    this.#environment = environment
    this.#log = log
    this.#logger = logger
    this.#devCalls = devCalls
    this.#exports = exporterOf(config) !== 'none'
    this.#keeps = environment.isDevelopment
    this.#isTimed = whoIsTold(config)
  }

  /** Whether there is anything to record calls for: an exporter, the development page, or `Server-Timing`. */
  get isWanted(): boolean {
    return this.#exports || this.#keeps || this.#isTimed !== undefined
  }

  /** @throws `OBSERVABILITY_PACKAGE_MISSING`, `OBSERVABILITY_OTLP_ENDPOINT_MISSING` */
  @OnInit()
  async open(): Promise<void> {
    this.#log.addCallFields((call) => this.fieldsOf(call))
    if (!this.isWanted) return
    this.#provider = await this.#openProvider()
    this.#tracer = this.#provider.getTracer('tenon')
    // For spans that applications begin themselves. Whoever came first in the process stays.
    contextApi.setGlobalContextManager(CALL_CONTEXTS)
    propagation.setGlobalPropagator(PROPAGATOR)
    trace.setGlobalTracerProvider(this.#provider)
    if (this.#keeps) this.#endReading = this.#log.listen((record) => this.#devCalls.note(record))
  }

  /** The last spans are sent before the application is gone. */
  @OnShutdown()
  async close(): Promise<void> {
    this.#endReading()
    const provider = this.#provider
    if (!provider) return
    this.#provider = undefined
    this.#tracer = undefined
    if (isGlobal(provider)) trace.disable()
    const late = Promise.withResolvers<void>()
    const timer = setTimeout(late.resolve, LAST_SPANS_MS)
    await Promise.race([provider.shutdown(), late.promise]).catch((error: unknown) =>
      this.#logger.warn('The last spans could not be sent.', { error }),
    )
    clearTimeout(timer)
  }

  /** Sends the spans that have ended. */
  async flush(): Promise<void> {
    await this.#provider?.forceFlush()
  }

  /** Spans of what runs outside of recorded calls; `undefined` where nothing would take them. */
  get tracer(): Tracer | undefined {
    return this.#tracer
  }

  /** Asked at boot: calls of the endpoints that are left out are not even decided about. */
  takesPart(endpoint: Endpoint): boolean {
    const { route, transport } = endpoint
    const isUntraced = this.#config.untraced.some((each) => route?.path === each || route?.path.startsWith(`${each}/`))
    if (!this.isWanted || isUntraced) return false
    if (transport === 'method') return true
    this.#attributes.set(endpoint, endpointAttributes(endpoint))
    CALL_CONTEXTS.own(endpoint, this)
    return true
  }

  /** Decides about a call, and begins its recording. Nothing is made for those that are not recorded. */
  begins(call: CallContext): boolean {
    const tracer = this.#tracer
    if (tracer === undefined) return false
    const isSampled = this.#exports && this.#samples(call)
    const isTimed = this.#isTimed !== undefined && this.#isTimed(call)
    if (!isSampled && !this.#keeps && !isTimed) return false
    this.#record(tracer, new CallRecording(call, { isSampled, isKept: this.#keeps, isTimed }))
    return true
  }

  #record(tracer: Tracer, recording: CallRecording): void {
    const { call } = recording
    call.set(RECORDING, recording)
    const parent = this.#config.followCallers ? callersContext(call) : ROOT_CONTEXT
    recording.parent = new RecordingContext(parent, recording, this)
    this.#ids.traceId = traceIdFor(call.id)
    recording.span = tracer.startSpan(
      spanName(call),
      {
        kind: call instanceof HttpContext ? SpanKind.SERVER : SpanKind.INTERNAL,
        startTime: recording.now(),
      },
      recording.parent,
    )
    // Where the SDK keeps them: its own way copies and checks each of them twice, which takes longer than the span itself.
    const { attributes } = recording.span as unknown as ReadableSpan
    Object.assign(attributes, this.#attributes.get(call.endpoint))
    writeRequest(attributes, call)
    if (recording.isKept) this.#devCalls.begin(recording)
    call.onSettled((outcome) => this.#end(recording, outcome))
  }

  /** What lines of the log say of their call. */
  fieldsOf(call: CallContext): LogFields {
    const recording = call.get(RECORDING)
    const active = recording && trace.getSpanContext(CALL_CONTEXTS.recorded ?? recording.context)
    const { principal, tenant, endpoint } = call
    // People find the call by its request id, on the development page.
    const ids = this.#environment.isDevelopment
      ? {}
      : { ...idsOf(active ?? identityOf(call, this.followsCallers)), endpoint: endpoint.name }
    return {
      ...ids,
      ...(principal && { user: principal.id }),
      ...(tenant !== undefined && { tenant }),
    }
  }

  /** Whether callers are believed. */
  get followsCallers(): boolean {
    return this.#config.followCallers
  }

  /**
   * What a call that is not recorded says to those it calls: its trace, and that it is not sampled. Where there is no
   * tracing at all, what the caller said goes on as it is: not taking part must not end the trace of others.
   */
  unrecorded(call: CallContext): Context | undefined {
    if (this.#tracer) return unrecordedContext(call, this.followsCallers)
    return this.followsCallers ? callersContext(call) : undefined
  }

  /** A coin for the calls that nobody has decided about: drawn before any id is made. */
  #samples(call: CallContext): boolean {
    const { followCallers, sampleRatio } = this.#config
    const caller = followCallers ? callersTrace(call) : undefined
    if (caller) return (caller.traceFlags & 1) === 1
    return sampleRatio >= 1 || Math.random() < sampleRatio
  }

  #end(recording: CallRecording, outcome: Outcome): void {
    const { span, call } = recording
    recording.outcome = outcome
    span.setAttribute('http.response.status_code', outcome.status)
    if (call.principal) span.setAttribute('user.id', call.principal.id)
    if (call.tenant !== undefined) span.setAttribute('tenon.tenant', call.tenant)
    if (outcome.error !== undefined) span.setAttribute('error.type', errorType(outcome.error))
    if (outcome.status >= 500) {
      if (outcome.error instanceof Error)
        span.recordException({ name: outcome.error.name, stack: stackOf(outcome.error) })
      span.setStatus({ code: SpanStatusCode.ERROR })
    }
    span.end(recording.now())
    if (recording.isKept) this.#devCalls.end(recording)
  }

  async #openProvider(): Promise<TracerProvider> {
    const [{ ParentBasedSampler, TraceIdRatioBasedSampler, TracerProvider }, { resourceFromAttributes }, processors] =
      await Promise.all([
        import('@opentelemetry/sdk-trace'),
        import('@opentelemetry/resources'),
        openExporter(this.#config),
      ])
    const { serviceName, sampleRatio } = this.#config
    return new TracerProvider({
      idGenerator: this.#ids,
      sampler: recordedSampler(new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(sampleRatio) })),
      spanProcessors: [new RecordingSpans(), ...processors],
      resource: resourceFromAttributes({
        'service.name': serviceName,
        'deployment.environment.name': this.#environment.name,
      }),
    })
  }
}

/** Whose calls are timed; `undefined` where nobody is told. */
function whoIsTold({ serverTiming }: ObservabilityConfig): ((call: CallContext) => boolean) | undefined {
  if (serverTiming === 'off') return undefined
  return serverTiming === 'all' ? () => true : (call) => call.header('x-server-timing') !== undefined
}

function idsOf({ traceId, spanId }: SpanContext): LogFields {
  return { traceId, spanId }
}

/** Whether the process hands out our tracers to those who ask OpenTelemetry. */
function isGlobal(provider: TracerProvider): boolean {
  const registered = trace.getTracerProvider() as { getDelegate?: () => unknown }
  return registered.getDelegate?.() === provider
}

/** Where it failed, without the message: that may hold what a caller sent. */
function stackOf({ stack = '' }: Error): string {
  return stack
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .join('\n')
}
