/** Versions that nobody reads: without a module for them, every version would be the same. */
import { RouteLayout } from '../../http/route-layout.ts'
import type { CheckRule } from '../check-rule.ts'
import { defineDiagnostic } from '../diagnostic.ts'

export const RouteVersionUnread = defineDiagnostic({
  code: 'ROUTE_VERSION_UNREAD',
  message: (endpoint: string, versions: string) =>
    `${endpoint} is written for version ${versions}, and no module of the application reads versions.`,
  help: 'Import VersioningModule from tenon/versioning, or remove the version.',
})

export const declaredVersions: CheckRule = ({ graph }) => {
  if (graph.providersOf(RouteLayout).length > 0) return []
  return graph.endpoints
    .filter(({ declaredVersions: versions }) => versions.length > 0)
    .map(({ name, declaredVersions: versions, at }) => RouteVersionUnread({ at }, name, versions.join(', ')))
}
