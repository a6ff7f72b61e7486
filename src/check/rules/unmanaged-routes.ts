/** Lists handlers that answer by themselves, past serializer and response model. */
import type { CheckRule } from '../check-rule.ts'
import { defineDiagnostic } from '../diagnostic.ts'
import { handlersOf } from '../handlers.ts'

export const RouteUnmanaged = defineDiagnostic({
  code: 'ROUTE_UNMANAGED',
  severity: 'note',
  message: (handler: string) =>
    `${handler} takes @Res() and answers by itself: its answer is neither shaped nor documented.`,
  help: 'Return a value, a stream or a file where that is enough, and set status and headers by decorators.',
})

export const unmanagedRoutes: CheckRule = ({ graph }) =>
  handlersOf(graph).flatMap(({ name, endpoint }) =>
    endpoint.parameters
      .filter(({ source }) => source?.kind === 'response')
      .map(({ at }) => RouteUnmanaged({ at }, name)),
  )
