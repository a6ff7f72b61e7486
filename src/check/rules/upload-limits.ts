/** Limits of uploads that limit nothing, or let nothing in. */
import type { UploadsOptions } from '../../../decorators/index.ts'
import type { CheckRule } from '../check-rule.ts'
import { defineDiagnostic } from '../diagnostic.ts'
import { handlersOf } from '../handlers.ts'

export const UploadLimitInvalid = defineDiagnostic({
  code: 'UPLOAD_LIMIT_INVALID',
  message: (handler: string, field: string, reason: string) => `The upload "${field}" of ${handler} has ${reason}.`,
  help: 'Give whole numbers above zero, and media types such as image/png or image/*: { maxBytes: 5_000_000, types: ["image/*"] }.',
})

export const uploadLimits: CheckRule = ({ graph }) =>
  handlersOf(graph).flatMap(({ name, endpoint }) =>
    endpoint.parameters.flatMap(({ source, at }) =>
      source?.kind === 'file' || source?.kind === 'files'
        ? problems(source.limits, source.kind === 'files').map((reason) =>
            UploadLimitInvalid({ at }, name, source.name, reason),
          )
        : [],
    ),
  )

function problems({ maxBytes, maxCount, types = [] }: Partial<UploadsOptions>, isList: boolean): readonly string[] {
  return [
    ...(isLimit(maxBytes) ? [] : [`maxBytes ${maxBytes}, which is no limit`]),
    ...(isList && !isLimit(maxCount) ? [`maxCount ${maxCount}, which is no limit`] : []),
    ...types
      .filter((type) => !/^[\w.+-]+\/(?:\*|[\w.+-]+)$/.test(type))
      .map((type) => `"${type}" among its types, which is no media type`),
  ]
}

function isLimit(value: number | undefined): boolean {
  return Number.isSafeInteger(value) && (value as number) > 0
}
