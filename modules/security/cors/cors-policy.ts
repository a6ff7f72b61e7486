/** What CORS says of one endpoint, made at boot out of the application's settings and the endpoint's own. */
import type { CorsOptions } from 'tenon/decorators'

import { originFault } from './origin-faults.ts'

const DEFAULT_MAX_AGE_SECONDS = 600

export interface CorsPolicy {
  /** Every page, without credentials: the answer depends on nobody's origin. */
  readonly isForEveryone: boolean
  readonly credentials: boolean
  /** `undefined`: whatever is asked for. */
  readonly headers: string | undefined
  readonly exposedHeaders: string | undefined
  readonly maxAgeSeconds: number
  allows(origin: string): boolean
}

/** The endpoint's settings over the application's; `undefined` where no other origin is let in. */
export function mergeCors(
  application: CorsOptions | undefined,
  own: CorsOptions | false | undefined,
): CorsOptions | undefined {
  if (own === false) return undefined
  const merged = { ...application, ...own }
  return merged.origins === undefined || merged.origins.length === 0 ? undefined : merged
}

/** Why these settings must not be used; none when they may. */
export function corsFaults({ origins = [], credentials = false }: CorsOptions): readonly string[] {
  if (origins === '*') return credentials ? ['every origin with credentials, so any page could act as its visitor'] : []
  return origins.flatMap((origin) => originFault(origin) ?? [])
}

/** @param options - Without faults. */
export function compileCors({
  origins = [],
  credentials = false,
  headers,
  exposedHeaders,
  maxAgeSeconds = DEFAULT_MAX_AGE_SECONDS,
}: CorsOptions): CorsPolicy {
  return {
    isForEveryone: origins === '*',
    credentials,
    headers: headers?.join(', '),
    exposedHeaders: exposedHeaders && exposedHeaders.length > 0 ? exposedHeaders.join(', ') : undefined,
    maxAgeSeconds,
    allows: origins === '*' ? () => true : matcherOf(origins),
  }
}

function matcherOf(origins: readonly (string | RegExp)[]): (origin: string) => boolean {
  const exact = new Set(origins.filter((each) => typeof each === 'string'))
  // With `g` or `y` an expression remembers where it stopped, and refuses every other call.
  const patterns = origins
    .filter((each) => each instanceof RegExp)
    .map(({ source, flags }) => new RegExp(source, flags.replaceAll(/[gy]/g, '')))
  return (origin) => exact.has(origin) || patterns.some((pattern) => pattern.test(origin))
}
