/** How those read a document who make something of it: clients, contracts, tests. */
import type { JsonSchema } from '../schema/json-schema.ts'
import {
  OPERATION_METHODS,
  type OpenApiDocument,
  type Operation,
  type Parameter,
  type Reference,
  type ResponseObject,
} from './openapi-document.ts'

export interface ListedOperation {
  /** `PATCH /tickets/{id}` */
  readonly key: string
  /** In capitals. */
  readonly method: string
  /** The template: `/tickets/{id}` */
  readonly path: string
  readonly operation: Operation
}

/** Every operation, path by path as the document has them. */
export function operationsOf({ paths }: OpenApiDocument): readonly ListedOperation[] {
  return Object.entries(paths).flatMap(([path, item]) =>
    OPERATION_METHODS.flatMap((name): ListedOperation[] => {
      const operation = item[name]
      const method = name.toUpperCase()
      return operation ? [{ key: `${method} ${path}`, method, path, operation }] : []
    }),
  )
}

/** Whether a parameter says which version of the API is meant. */
export function isVersionParameter({ description }: Parameter): boolean {
  return description === VERSION_DESCRIPTION
}

/** What versioning calls its parameter. */
const VERSION_DESCRIPTION = 'The API version'

/** What a reference into the document stands for; `undefined` where there is nothing. */
export function resolved<T extends JsonSchema | ResponseObject>(
  value: T | Reference,
  document: OpenApiDocument,
): T | undefined {
  const { $ref } = value as Partial<Reference>
  if ($ref === undefined) return value as T
  const found = $ref
    .replace(/^#\//, '')
    .split('/')
    .reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], document)
  return found === undefined ? undefined : resolved(found as T, document)
}

/** `Ticket` of `#/components/schemas/Ticket`. */
export function referredName(reference: string): string {
  return reference.slice(reference.lastIndexOf('/') + 1)
}

/** What a failure with this code has besides what all problems have, as an object. */
export function problemMembersOf(schema: JsonSchema | undefined, code: string): JsonSchema | undefined {
  const part = schema?.allOf?.find(
    (each) => (each['if'] as JsonSchema | undefined)?.properties?.['code']?.const === code,
  )
  return part?.['then'] as JsonSchema | undefined
}

/** The codes that the schema of a failure lists, beside the shape that all problems have. */
export function problemCodesOf(schema: JsonSchema | undefined): readonly string[] {
  return [schema, ...(schema?.allOf ?? [])].flatMap((part) => {
    const { const: only, enum: several = [] } = part?.properties?.['code'] ?? {}
    return (only === undefined ? several : [only]) as readonly string[]
  })
}
