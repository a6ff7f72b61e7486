/** `@Returns` of a class that declares no field: every field would be dropped. */
import { RETURNS } from '../../../decorators/index.ts'
import { isDto } from '../../validation/validation-metadata.ts'
import type { CheckRule } from '../check-rule.ts'
import { defineDiagnostic } from '../diagnostic.ts'
import { handlersOf } from '../handlers.ts'

export const ResponseModelEmpty = defineDiagnostic({
  code: 'RESPONSE_MODEL_EMPTY',
  message: (handler: string, model: string) =>
    `${handler} returns ${model}, which declares no field, so its answer would be empty.`,
  help: (_handler, model) =>
    `Write @Expose() or a class-validator decorator above each field of ${model} that may leave.`,
})

export const responseModels: CheckRule = ({ graph }) =>
  handlersOf(graph).flatMap(({ name, endpoint: { type, method } }) =>
    RETURNS.written(type, method)
      .filter(({ value }) => typeof value.type !== 'function' || !isDto(value.type))
      .map(({ value, at }) => ResponseModelEmpty({ at }, name, value.type?.name ?? 'undefined')),
  )
