/** Routes of which nobody decides who may call them: told by the tool, for an application may do without on purpose. */
import { INTERCEPTOR, PUBLIC, type Class, type Usable } from '../../../decorators/index.ts'
import { isClass, usedBy } from '../../pipeline/collect-arounds.ts'
import { describeEndpoint } from '../../pipeline/endpoint.ts'
import type { ModuleGraph } from '../../graph/module-graph.ts'
import { defineDiagnostic, type Diagnostic } from '../diagnostic.ts'

export const RouteOpen = defineDiagnostic({
  code: 'ROUTE_OPEN',
  severity: 'warning',
  message: (route: string, method: string) =>
    `${route} (${method}) is open to everybody, and nothing says that it is meant to be.`,
  help: "Write @Public('why') above it, or let somebody decide: import an access module, @Use(SomeGuard).",
})

/** @param root - The module whose `@Use` holds everywhere. */
export function openRoutes({ endpoints, interceptors }: ModuleGraph, root: Class | undefined): readonly Diagnostic[] {
  return endpoints
    .filter((endpoint) => endpoint.transport !== 'command' && endpoint.read(PUBLIC) === undefined)
    .filter((endpoint) => !usedBy(endpoint, { application: interceptors, root }).some(decides))
    .map((endpoint) => RouteOpen({ at: endpoint.at, path: [endpoint.name] }, describeEndpoint(endpoint), endpoint.name))
}

/** Functions and objects may do anything: they are believed. */
function decides(used: Usable): boolean {
  const phase = isClass(used) ? INTERCEPTOR.read(used)?.phase : 'authorize'
  return phase === 'authenticate' || phase === 'authorize'
}
