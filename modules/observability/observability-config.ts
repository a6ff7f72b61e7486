/** What may be chosen about traces, metrics and insight. */
import { Config, Env, type Surroundings } from 'tenon/decorators'

/** Where spans go. */
export type TraceExporter = 'otlp' | 'console' | 'none'

/** Whose answers carry `Server-Timing`: everybody's, those of operators who ask for it, nobody's. */
export type ServerTimingSetting = 'all' | 'asked' | 'off'

@Config('observability')
export class ObservabilityConfig {
  /** How this application is called in traces and metrics. */
  @Env('OTEL_SERVICE_NAME', {
    default: ({ variables }: Surroundings) => variables['npm_package_name'] ?? 'application',
    description: 'Name of the service in traces and metrics',
  })
  readonly serviceName!: string

  /** `otlp` needs the package `@opentelemetry/otlp-exporter-base`. */
  @Env('OTEL_TRACES_EXPORTER', {
    optional: true,
    oneOf: ['otlp', 'console', 'none'],
    description: 'Where spans go. Default: otlp where OTEL_EXPORTER_OTLP_ENDPOINT is set, else none',
  })
  readonly exporter?: TraceExporter

  /** The collector's base URL, without `/v1/traces`. */
  @Env('OTEL_EXPORTER_OTLP_ENDPOINT', { optional: true, description: 'Base URL of an OTLP/HTTP collector' })
  readonly otlpEndpoint?: string

  /** `name=value` pairs, separated by commas. */
  @Env('OTEL_EXPORTER_OTLP_HEADERS', { optional: true, secret: true, description: 'Headers for the collector' })
  readonly otlpHeaders?: string

  /** Of the calls that no caller has decided about, the share that is traced: 0 to 1. */
  @Env('OTEL_TRACES_SAMPLER_ARG', {
    default: ({ environment }: Surroundings) => (environment === 'production' ? 0.1 : 1),
    min: 0,
    max: 1,
    description: 'Share of the calls that is traced, 0 to 1',
  })
  readonly sampleRatio!: number

  /** Take the trace, and the decision to sample it, from callers. Where anybody may call, anybody may ask for traces. */
  @Env('TRACE_FOLLOW_CALLERS', { default: true, description: 'Take part in the traces that callers have begun' })
  readonly followCallers!: boolean

  /** Calls that the development page keeps. */
  @Env('DEV_PAGE_CALLS', { default: 200, min: 1, description: 'Calls that the development page keeps' })
  readonly devCalls!: number

  /** With it whoever sends it may read `/metrics`: `Authorization: Bearer <token>`. */
  @Env('METRICS_TOKEN', { optional: true, secret: true, description: 'Bearer token that opens /metrics' })
  readonly metricsToken?: string

  /** Let everybody read `/metrics` who reaches it; otherwise the machine itself and bearers of the token. */
  @Env('METRICS_OPEN', { default: false, description: 'Let everybody who reaches the port read /metrics' })
  readonly metricsOpen!: boolean

  /** Most series of one metric; what comes beyond is counted in one series with `otel_metric_overflow`. */
  @Env('METRICS_SERIES_LIMIT', { default: 2000, min: 1, description: 'Most series of one metric' })
  readonly seriesLimit!: number

  /** Who has this role may change the level of the log, take profiles, and ask for `Server-Timing`. */
  @Env('OPERATOR_ROLE', { default: 'operator', description: 'Role of those who may look inside' })
  readonly operatorRole!: string

  /** `asked`: on calls with the header `x-server-timing` whose caller has the operator's role. */
  @Env('SERVER_TIMING', {
    default: ({ environment }: Surroundings): ServerTimingSetting => (environment === 'development' ? 'all' : 'off'),
    oneOf: ['all', 'asked', 'off'],
    description: 'Whose answers carry Server-Timing: all, asked, off',
  })
  readonly serverTiming!: ServerTimingSetting

  /** Calls of these paths, and what is below them, have no traces. */
  readonly untraced: readonly string[] = ['/_dev', '/health', '/metrics']
}
