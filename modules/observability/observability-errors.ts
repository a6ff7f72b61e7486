/** What may go wrong with traces, metrics and insight. */
import { defineError } from 'tenon'

export const ExporterPackageMissing = defineError({
  code: 'OBSERVABILITY_PACKAGE_MISSING',
  status: 500,
  message: (feature: string, name: string, other: string, version: string) =>
    `${feature} needs the packages ${name} and ${other}. Run: npm install ${name}@${version} ${other}@${version}`,
  help: 'Install the packages, or choose another exporter with OTEL_TRACES_EXPORTER.',
})

export const GrafanaPackageMissing = defineError({
  code: 'OBSERVABILITY_GRAFANA_PACKAGE_MISSING',
  status: 500,
  message: (name: string, version: string) =>
    `Dashboards are built with the package ${name}, which is not installed. Run: npm install --save-dev ${name}@${version}`,
  help: 'Install the package; only the command needs it, the application does not.',
})

export const OtlpEndpointMissing = defineError({
  code: 'OBSERVABILITY_OTLP_ENDPOINT_MISSING',
  status: 500,
  message: () => 'OTEL_TRACES_EXPORTER is otlp, but nothing says where the collector is.',
  help: 'Set OTEL_EXPORTER_OTLP_ENDPOINT to its base URL, such as http://127.0.0.1:4318.',
})

export const NotForEverybody = defineError({
  code: 'OBSERVABILITY_FORBIDDEN',
  status: 403,
  message: (what: string) => `${what} is not open to this caller.`,
  help: 'Call it from the machine itself, send the token, or sign in as somebody with the role of OPERATOR_ROLE.',
})

export const QueryBudgetExceeded = defineError({
  code: 'OBSERVABILITY_QUERY_BUDGET_EXCEEDED',
  status: 500,
  message: (endpoint: string, budget: number, count: number, statements: string) =>
    `${endpoint} has a budget of ${budget} statements and sent ${count}:\n${statements}`,
  help: 'Load what belongs together in one statement (relations, IN lists), or raise the budget on purpose.',
})

export const TimeBudgetExceeded = defineError({
  code: 'OBSERVABILITY_TIME_BUDGET_EXCEEDED',
  status: 500,
  message: (list: string) => `Endpoints were slower than their budgets: ${list}`,
  help: 'Look at the spans of these calls on /_dev, or raise the budget on purpose.',
})

export const ProfileRefused = defineError({
  code: 'OBSERVABILITY_PROFILE_REFUSED',
  status: 502,
  message: (url: string, reason: string) => `${url} gives no profile: it ${reason}.`,
  help: 'Without --token the application must run on this machine in development; with it the caller needs the role of OPERATOR_ROLE.',
})

export const ProfileRunning = defineError({
  code: 'OBSERVABILITY_PROFILE_RUNNING',
  status: 409,
  message: () => 'A CPU profile is being taken already.',
  help: 'Wait until it is done; a process has one profiler.',
})
