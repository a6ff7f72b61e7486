/** What may go wrong with health checks. */
import { defineError } from '../errors/define-error.ts'

export const HealthCheckTimeout = defineError({
  code: 'HEALTH_CHECK_TIMEOUT',
  status: 503,
  message: (name: string, limitMs: number) => `The health check "${name}" did not answer within ${limitMs} ms.`,
  help: 'Make the check cheap, or let it report a state that something else keeps up to date.',
})
