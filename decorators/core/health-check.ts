/** `@HealthCheck`: a provider method that says whether something the application needs is well. */
import { annotate } from '../annotate.ts'
import { MetadataKey } from '../metadata.ts'

export interface HealthCheckFact {
  readonly name: string
  readonly kind: 'liveness' | 'readiness'
  readonly critical: boolean
  readonly timeoutMs: number
  readonly cacheMs: number
}

export interface HealthCheckOptions {
  /** Default: `readiness`. */
  readonly kind?: 'liveness' | 'readiness'
  /** A failing critical check answers 503; another one degrades the report and stays 200. Default: `true`. */
  readonly critical?: boolean
  /** Longest the check may take, in milliseconds. Default: 1000. */
  readonly timeoutMs?: number
  /** How long an answer holds, good or bad, before the check is run again, in milliseconds. Default: 0. */
  readonly cacheMs?: number
}

export const HEALTH_CHECK = new MetadataKey<HealthCheckFact>('core.health-check')

/**
 * The method is well when it returns, ill when it throws or takes longer than `timeoutMs`. While it runs, whoever else asks
 * waits for the same answer.
 */
export function HealthCheck(
  name: string,
  { kind = 'readiness', critical = true, timeoutMs = 1000, cacheMs = 0 }: HealthCheckOptions = {},
): MethodDecorator {
  return annotate(HEALTH_CHECK, { name, kind, critical, timeoutMs, cacheMs })
}
