/** Alert rules for Prometheus: what should wake somebody, by the endpoints and budgets of this application. */
import type { ObservedEndpoint, ObservedMetric } from './observed.ts'
import { errorShare, matchersOf, quantile, quoted, rate } from './queries.ts'

export interface AlertRule {
  readonly alert: string
  readonly expr: string
  readonly for: string
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
}

export interface AlertGroup {
  readonly name: string
  readonly rules: readonly AlertRule[]
}

export interface AlertParts {
  /** What Prometheus calls the application: its `job`. */
  readonly job: string
  readonly endpoints: readonly ObservedEndpoint[]
  readonly metrics: readonly ObservedMetric[]
}

/** Slower than this is worth a look where no budget says more, in seconds. */
const SLOW_SECONDS = 1
const FAILING_SHARE = 0.05
const WINDOW = '5m'

export function alertGroups({ job, endpoints, metrics }: AlertParts): readonly AlertGroup[] {
  const ofJob = `job=${quoted(job)}`
  const budgeted = endpoints.filter(({ budget }) => budget?.p99 !== undefined)
  return [
    {
      name: `${job}: endpoints`,
      rules: [
        rule('EndpointFails', `${errorShare([ofJob], WINDOW)} > ${FAILING_SHARE}`, {
          summary: '{{ $labels.http_request_method }} {{ $labels.http_route }} fails',
          description: `{{ $value | humanizePercentage }} of its calls were answered with 5xx.`,
        }),
        rule(
          'EndpointSlow',
          `${quantile(0.99, [ofJob, ...withoutBudget(budgeted)], WINDOW, 'http_request_method, http_route')} > ${SLOW_SECONDS}`,
          {
            summary: '{{ $labels.http_request_method }} {{ $labels.http_route }} is slow',
            description: `One of a hundred calls takes longer than {{ $value | humanizeDuration }}.`,
          },
          'warning',
        ),
        ...budgeted.map((endpoint) => budgetRule(ofJob, endpoint)),
      ],
    },
    { name: `${job}: process`, rules: processRules(ofJob, metrics) },
  ]
}

function budgetRule(ofJob: string, endpoint: ObservedEndpoint): AlertRule {
  const { name, method, route, budget } = endpoint
  const p99 = budget!.p99!
  const matchers = [ofJob, ...matchersOf(endpoint)]
  return {
    ...rule(
      'EndpointOverBudget',
      `${quantile(0.99, matchers, WINDOW)} > ${p99 / 1000} and sum(${rate(matchers, WINDOW)}) > 0`,
      {
        summary: `${method} ${route} is over its budget`,
        description: `${name} promises ${p99} ms for 99 of 100 calls; it is {{ $value | humanizeDuration }}.`,
      },
      'warning',
    ),
    labels: { severity: 'warning', endpoint: name },
  }
}

/** Those with a budget have an alert of their own. */
function withoutBudget(budgeted: readonly ObservedEndpoint[]): readonly string[] {
  if (budgeted.length === 0) return []
  const routes = [...new Set(budgeted.map(({ route }) => route.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')))]
  return [`http_route!~${quoted(routes.join('|'))}`]
}

function processRules(ofJob: string, metrics: readonly ObservedMetric[]): readonly AlertRule[] {
  const has = (name: string): boolean => metrics.some((metric) => metric.name === name)
  return [
    rule('ApplicationGone', `up{${ofJob}} == 0`, { summary: '{{ $labels.instance }} does not answer Prometheus' }),
    rule('EventLoopHeld', `nodejs_eventloop_delay_seconds{${ofJob}, quantile="0.99"} > 0.2`, {
      summary: 'The event loop of {{ $labels.instance }} is held',
      description: 'Calls wait for {{ $value | humanizeDuration }} before anything is done for them.',
    }),
    rule('HeapNearItsLimit', `v8js_memory_heap_used_bytes{${ofJob}} / v8js_memory_heap_limit_bytes{${ofJob}} > 0.9`, {
      summary: '{{ $labels.instance }} uses {{ $value | humanizePercentage }} of its heap',
    }),
    ...(has('db_client_connection_pending_requests')
      ? [
          rule('DatabasePoolExhausted', `db_client_connection_pending_requests{${ofJob}} > 0`, {
            summary: '{{ $value }} callers wait for a connection to the database',
          }),
        ]
      : []),
  ]
}

function rule(
  alert: string,
  expr: string,
  annotations: AlertRule['annotations'],
  severity: 'critical' | 'warning' = 'critical',
): AlertRule {
  return { alert, expr, for: WINDOW, labels: { severity }, annotations }
}

/** As YAML; every text is quoted as in JSON, which YAML reads alike. */
export function printAlertRules(groups: readonly AlertGroup[]): string {
  const lines = groups.flatMap(({ name, rules }) => [
    `  - name: ${quoted(name)}`,
    '    rules:',
    ...rules.flatMap(({ alert, expr, for: wait, labels, annotations }) => [
      `      - alert: ${alert}`,
      `        expr: ${quoted(expr)}`,
      `        for: ${wait}`,
      '        labels:',
      ...entries(labels),
      '        annotations:',
      ...entries(annotations),
    ]),
  ])
  return `groups:\n${lines.join('\n')}\n`
}

function entries(record: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(record).map(([name, value]) => `          ${name}: ${quoted(value)}`)
}
