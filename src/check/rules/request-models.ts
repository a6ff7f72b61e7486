/** Bodies and query strings that would reach the handler unchecked. */
import type { Class } from '../../../decorators/index.ts'
import type { EndpointParameter } from '../../pipeline/endpoint.ts'
import { isDto } from '../../validation/validation-metadata.ts'
import type { CheckRule } from '../check-rule.ts'
import { defineDiagnostic } from '../diagnostic.ts'
import { handlersOf } from '../handlers.ts'

export const BodyWithoutDto = defineDiagnostic({
  code: 'ROUTE_BODY_WITHOUT_DTO',
  message: (handler: string, what: string, type: string) => `${handler} takes ${what} ${type}, so nothing checks it.`,
  help: 'Declare a class with class-validator decorators as its type, or give a schema: @Body({ schema }).',
})

export const QueryWithoutDto = defineDiagnostic({
  code: 'ROUTE_QUERY_WITHOUT_DTO',
  message: (handler: string, type: string) => `${handler} takes the whole query ${type}, so nothing checks it.`,
  help: 'Declare a class with class-validator decorators as its type, give a schema, or take single values: @Query("page") page: number.',
})

/** Converted and checked by their type alone. */
const SCALARS: ReadonlySet<unknown> = new Set([String, Number, Boolean, Date, BigInt, Buffer, Uint8Array])

export const requestModels: CheckRule = ({ graph }) =>
  handlersOf(graph).flatMap(({ name, endpoint }) =>
    endpoint.parameters.flatMap((parameter) => {
      const { source, at } = parameter
      if (source?.kind === 'body') {
        if (isChecked(parameter) || SCALARS.has(parameter.type)) return []
        const what = source.name === undefined ? 'a body' : `the body's field "${source.name}"`
        return [BodyWithoutDto({ at }, name, what, typePhrase(parameter.type))]
      }
      const isWholeQuery = source?.kind === 'query' && source.name === undefined
      return isWholeQuery && !isChecked(parameter) ? [QueryWithoutDto({ at }, name, typePhrase(parameter.type))] : []
    }),
  )

function isChecked({ source, type }: EndpointParameter): boolean {
  if (source && 'options' in source && source.options.schema !== undefined) return true
  return typeof type === 'function' && isDto(type as Class)
}

function typePhrase(type: unknown): string {
  if (type === Array) return 'as an array of unknown elements'
  if (typeof type !== 'function' || type === Object || type === Function)
    return 'without a type that exists at run time'
  return `as ${type.name}, which declares no rule for any field`
}
