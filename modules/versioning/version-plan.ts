/** Which endpoint answers which version of a method and path: decided at boot for every version there is. */
import { VERSION_NEUTRAL } from 'tenon/decorators'
import type { Endpoint } from 'tenon'

import { compareVersions, rangeOf, type VersionRange } from './api-version.ts'

/** The ranges an endpoint declares; empty for one that is there whatever the version. */
export function rangesOf(endpoint: Endpoint): readonly VersionRange[] {
  return endpoint.declaredVersions.filter((text) => text !== VERSION_NEUTRAL).flatMap((text) => rangeOf(text) ?? [])
}

/** Every version that is named anywhere, oldest first. */
export function supportedVersions(endpoints: readonly Endpoint[], further: readonly string[] = []): readonly string[] {
  const named = endpoints.flatMap((endpoint) => rangesOf(endpoint).map(({ start }) => start))
  return [...new Set([...named, ...further])].toSorted(compareVersions)
}

/**
 * The endpoint that answers `version`: the one that names it, else the one whose open range begins last before it.
 * @param endpoints - Those of one method and path.
 */
export function answering(version: string, endpoints: readonly Endpoint[]): Endpoint | undefined {
  let best: { readonly endpoint: Endpoint; readonly start: string } | undefined
  for (const endpoint of endpoints) {
    for (const { start, isOpen } of rangesOf(endpoint)) {
      const order = compareVersions(start, version)
      if (order === 0) return endpoint
      if (isOpen && order < 0 && (!best || compareVersions(start, best.start) > 0)) best = { endpoint, start }
    }
  }
  return best?.endpoint
}
