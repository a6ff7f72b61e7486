/** Parameters of handlers that nothing fills. */
import type { Class, MemberName } from '../../../decorators/index.ts'
import type { CheckRule } from '../check-rule.ts'
import { defineDiagnostic } from '../diagnostic.ts'
import { handlerParameterSite, handlersOf } from '../handlers.ts'

export const HandlerParameterUnbound = defineDiagnostic({
  code: 'HANDLER_PARAMETER_UNBOUND',
  message: (handler: string, position: number) =>
    `Parameter ${position} of ${handler} does not say where it comes from, and would always be undefined.`,
  help: 'Write @Param, @Query, @Body, @Header, @Ctx, ... before it; a dependency belongs into the constructor.',
})

export const handlerParameters: CheckRule = ({ graph }) =>
  handlersOf(graph).flatMap(({ name, endpoint }) =>
    endpoint.parameters
      .filter(({ source, index }) => source === undefined && index < withoutDefault(endpoint.type, endpoint.method))
      .map((parameter) =>
        HandlerParameterUnbound({ at: handlerParameterSite(endpoint, parameter) }, name, parameter.index + 1),
      ),
  )

/** From the first default on, `undefined` is an answer. */
function withoutDefault(type: Class, method: MemberName): number {
  return (type.prototype as Record<MemberName, { length: number } | undefined>)[method]?.length ?? 0
}
