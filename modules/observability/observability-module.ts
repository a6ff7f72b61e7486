/** Observability: traces, metrics, fields of the log, and insight into single calls. */
import { CallProbe, configure, type SettingsOf } from 'tenon'
import { Module, type ConfiguredModule } from 'tenon/decorators'

import { DevCalls } from './dev/dev-calls.ts'
import { DevController, LocalOnly } from './dev/dev-controller.ts'
import { Observed } from './generate/observed.ts'
import { ObserveCommands } from './generate/observe-commands.ts'
import { BudgetInterceptor, Budgets } from './insight/budgets.ts'
import { CpuProfiler } from './insight/cpu-profiler.ts'
import { OperatorController } from './insight/operator-controller.ts'
import { ProfileCommand } from './insight/profile-command.ts'
import { CallMetrics, MetricsInterceptor } from './metrics/call-metrics.ts'
import { Gauges } from './metrics/gauges.ts'
import { MethodMetrics, MethodMetricsInterceptor } from './metrics/method-metrics.ts'
import { Metrics } from './metrics/metrics.ts'
import { MetricsController } from './metrics/metrics-controller.ts'
import { RuntimeMetrics } from './metrics/runtime-metrics.ts'
import { SdkMetrics } from './metrics/sdk-metrics.ts'
import { ObservabilityConfig } from './observability-config.ts'
import { OperatorsOnly } from './operators.ts'
import { FetchSpans } from './tracing/fetch-spans.ts'
import { HttpClientSpans } from './tracing/http-client-spans.ts'
import { OutgoingSpans } from './tracing/outgoing-spans.ts'
import { QuerySpans } from './tracing/query-spans.ts'
import { Recorder } from './tracing/recorder.ts'
import { RedisSpans } from './tracing/redis-spans.ts'
import { TraceProbe } from './tracing/trace-probe.ts'
import { TracedInterceptor } from './tracing/traced-interceptor.ts'

@Module({
  controllers: [DevController, MetricsController, OperatorController],
  providers: [
    DevCalls,
    LocalOnly,
    Recorder,
    QuerySpans,
    OutgoingSpans,
    FetchSpans,
    HttpClientSpans,
    RedisSpans,
    { provide: CallProbe, useClass: TraceProbe },
    CallMetrics,
    MethodMetrics,
    Gauges,
    RuntimeMetrics,
    SdkMetrics,
    Metrics,
    Budgets,
    CpuProfiler,
    ProfileCommand,
    OperatorsOnly,
    Observed,
    ObserveCommands,
  ],
  interceptors: [MetricsInterceptor, BudgetInterceptor, TracedInterceptor, MethodMetricsInterceptor],
})
export class ObservabilityModule {
  /** @example `ObservabilityModule.with({ sampleRatio: 0.05 })` */
  static with(settings: SettingsOf<ObservabilityConfig>): ConfiguredModule {
    return configure(ObservabilityModule, ObservabilityConfig, settings)
  }
}
