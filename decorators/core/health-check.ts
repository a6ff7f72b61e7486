/** `@HealthCheck`: a provider method that says whether something the application needs is well. */
import { annotate } from '../annotate.ts'
import { MetadataKey } from '../metadata.ts'

export interface HealthCheckFact {
  readonly name: string
  readonly kind: 'liveness' | 'readiness'
  readonly critical: boolean
}

export interface HealthCheckOptions {
  /** Default: `readiness`. */
  readonly kind?: 'liveness' | 'readiness'
  /** A failing critical check answers 503; another one degrades the report and stays 200. Default: `true`. */
  readonly critical?: boolean
}

export const HEALTH_CHECK = new MetadataKey<HealthCheckFact>('core.health-check')

/** The method is well when it returns, ill when it throws or takes longer than a second. */
export function HealthCheck(
  name: string,
  { kind = 'readiness', critical = true }: HealthCheckOptions = {},
): MethodDecorator {
  return annotate(HEALTH_CHECK, { name, kind, critical })
}
