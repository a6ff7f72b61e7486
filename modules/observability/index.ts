/** `tenon/observability`: traces, metrics, and insight into calls. */
export { Budget, Counted, Gauge, Timed, Traced, type GaugeReading } from 'tenon/decorators'
export { expectBudgets } from './insight/budgets.ts'
export { ObservabilityConfig } from './observability-config.ts'
export {
  ExporterPackageMissing,
  GrafanaPackageMissing,
  NotForEverybody,
  OtlpEndpointMissing,
  ProfileRefused,
  ProfileRunning,
  QueryBudgetExceeded,
  TimeBudgetExceeded,
} from './observability-errors.ts'
export { ObservabilityModule } from './observability-module.ts'
export { Recorder } from './tracing/recorder.ts'
