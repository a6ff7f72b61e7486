/** Decides which calls are recorded, and records them: spans by OpenTelemetry, times and counts for the insight. */
import {
  context as contextApi,
  propagation,
  trace,
  type Context,
  type SpanContext,
  type Tracer,
} from '@opentelemetry/api'
import type { TracerProvider } from '@opentelemetry/sdk-trace'
import { Environment, LogControl, Logger, type CallContext, type Endpoint, type LogFields, type Outcome } from 'tenon'
import { Injectable, OnInit, OnShutdown } from 'tenon/decorators'

import { DevCalls } from '../dev/dev-calls.ts'
import { ObservabilityConfig } from '../observability-config.ts'
import { CALL_CONTEXTS, type CallOwner } from './call-contexts.ts'
import { CallRecording, RECORDING } from './call-recording.ts'
import { CallSpans } from './call-spans.ts'
import { exporterOf } from './export/open-exporter.ts'
import { openProvider, type OpenProvider } from './open-provider.ts'
import { callersContext, PROPAGATOR } from './propagation.ts'
import { callersTrace, identityOf, unrecordedContext } from './trace-identity.ts'

/** How long the end of an application waits for its last spans. */
const LAST_SPANS_MS = 3000

@Injectable()
export class Recorder implements CallOwner {
  readonly #config: ObservabilityConfig
  readonly #environment: Environment
  readonly #log: LogControl
  readonly #logger: Logger
  readonly #devCalls: DevCalls
  readonly #exports: boolean
  readonly #keeps: boolean
  readonly #isTimed: ((call: CallContext) => boolean) | undefined
  #open: OpenProvider | undefined
  #spans: CallSpans | undefined
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
    this.#open = await openProvider(this.#config, this.#environment, this.#logger)
    this.#spans = new CallSpans(this.#open, this, this.followsCallers)
    // For spans that applications begin themselves. Whoever came first in the process stays.
    contextApi.setGlobalContextManager(CALL_CONTEXTS)
    propagation.setGlobalPropagator(PROPAGATOR)
    trace.setGlobalTracerProvider(this.#open.provider)
    if (this.#keeps) this.#endReading = this.#log.listen((record) => this.#devCalls.note(record))
  }

  /** The last spans are sent before the application is gone. */
  @OnShutdown()
  async close(): Promise<void> {
    this.#endReading()
    if (!this.#open) return
    const { provider } = this.#open
    this.#open = undefined
    this.#spans = undefined
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
    await this.#open?.provider.forceFlush()
  }

  /** Spans of what runs outside of recorded calls; `undefined` where nothing would take them. */
  get tracer(): Tracer | undefined {
    return this.#open?.tracer
  }

  /** Asked at boot: calls of the endpoints that are left out are not even decided about. */
  takesPart(endpoint: Endpoint): boolean {
    const { route, transport } = endpoint
    const isUntraced = this.#config.untraced.some((each) => route?.path === each || route?.path.startsWith(`${each}/`))
    if (!this.isWanted || isUntraced) return false
    if (transport === 'method') return true
    CALL_CONTEXTS.own(endpoint, this)
    return true
  }

  /** Decides about a call, and begins its recording. Nothing is made for those that are not recorded. */
  begins(call: CallContext): boolean {
    const spans = this.#spans
    if (spans === undefined) return false
    const caller = this.followsCallers ? callersTrace(call) : undefined
    const isSampled = this.#exports && this.#samples(caller)
    const isTimed = this.#isTimed !== undefined && this.#isTimed(call)
    if (!isSampled && !this.#keeps && !isTimed) return false
    const recording = new CallRecording(call, caller, { isSampled, isKept: this.#keeps, isTimed }, spans)
    call.set(RECORDING, recording)
    if (recording.isKept) this.#devCalls.begin(recording)
    call.onSettled(this.#end)
    return true
  }

  /** What lines of the log say of their call. */
  fieldsOf(call: CallContext): LogFields {
    const recording = call.get(RECORDING)
    const inner = recording && (CALL_CONTEXTS.entered ?? recording.part)
    const active = (inner && trace.getSpanContext(inner)) ?? recording?.identity
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
    if (this.#open) return unrecordedContext(call, this.followsCallers)
    return this.followsCallers ? callersContext(call) : undefined
  }

  /** A coin for the calls that nobody has decided about: drawn before any id is made. */
  #samples(caller: SpanContext | undefined): boolean {
    const { sampleRatio } = this.#config
    if (caller) return (caller.traceFlags & 1) === 1
    return sampleRatio >= 1 || Math.random() < sampleRatio
  }

  readonly #end = (outcome: Outcome, call: CallContext): void => {
    const recording = call.get(RECORDING)!
    recording.end(outcome)
    if (recording.isKept) this.#devCalls.end(recording)
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
