/** Limits that limit nothing or let nobody in: found by the check, at the decorator. */
import { defineDiagnostic, type CheckRule, type Endpoint } from 'tenon'
import { RATE_LIMITS, type CallSite, type RateLimitOptions } from 'tenon/decorators'

import { limitFault } from './limits-of.ts'

const InvalidRateLimit = defineDiagnostic({
  code: 'SECURITY_RATE_LIMIT_INVALID',
  message: (place: string, fault: string) => `A rate limit of ${place} has ${fault}.`,
  help: "Write @RateLimit({ limit: 100, window: '1m', by: 'ip' }).",
})

export const rateLimitRule: CheckRule = ({ graph }) => {
  const seen = new Set<CallSite>()
  return graph.endpoints.flatMap((endpoint) =>
    writtenFor(endpoint).flatMap(({ value, at }) => {
      const fault = value === false || seen.has(at) ? undefined : limitFault(value)
      seen.add(at)
      return fault === undefined ? [] : [InvalidRateLimit({ at }, endpoint.name, fault)]
    }),
  )
}

function writtenFor({ type, method, module }: Endpoint): readonly { value: RateLimitOptions | false; at: CallSite }[] {
  return [
    ...(module ? RATE_LIMITS.written(module) : []),
    ...RATE_LIMITS.written(type),
    ...RATE_LIMITS.written(type, method),
  ]
}
