/** OpenAPI 3.1 (https://spec.openapis.org/oas/v3.1.1), as far as documents here use it. */
import type { JsonSchema } from '../schema/json-schema.ts'

export interface OpenApiDocument {
  readonly openapi: '3.1.1'
  readonly info: InfoObject
  readonly servers?: readonly { readonly url: string }[]
  readonly tags?: readonly TagObject[]
  readonly paths: Readonly<Record<string, PathItem>>
  readonly components?: Components
}

export interface InfoObject {
  readonly title: string
  readonly version: string
  readonly description?: string
}

export interface TagObject {
  readonly name: string
  readonly description?: string
}

export type PathItem = Readonly<Partial<Record<OperationMethod, Operation>>>

export const OPERATION_METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch'] as const
export type OperationMethod = (typeof OPERATION_METHODS)[number]

export interface Operation {
  readonly operationId: string
  /** What clients call it within its tag, group by group: `totp.begin`. Unset: the `operationId` without the tag. */
  readonly 'x-name'?: string
  readonly summary: string
  readonly description?: string
  readonly tags: readonly string[]
  readonly deprecated?: true
  readonly parameters?: readonly Parameter[]
  readonly requestBody?: RequestBody
  readonly responses: Readonly<Record<string, ResponseObject | Reference>>
  readonly security?: readonly SecurityRequirementObject[]
}

export interface Parameter {
  readonly name: string
  readonly in: 'path' | 'query' | 'header' | 'cookie'
  readonly required?: true
  readonly description?: string
  readonly schema: JsonSchema
}

export interface RequestBody {
  readonly required?: true
  readonly description?: string
  readonly content: Readonly<Record<string, MediaTypeObject>>
}

export interface MediaTypeObject {
  readonly schema?: JsonSchema
  readonly example?: unknown
  readonly encoding?: Readonly<Record<string, { readonly contentType: string }>>
}

export interface ResponseObject {
  readonly description: string
  readonly headers?: Readonly<Record<string, HeaderObject>>
  readonly content?: Readonly<Record<string, MediaTypeObject>>
}

export interface HeaderObject {
  readonly description?: string
  readonly schema: JsonSchema
}

export interface Reference {
  readonly $ref: string
}

export type SecurityRequirementObject = Readonly<Record<string, readonly string[]>>

export interface Components {
  readonly schemas?: Readonly<Record<string, JsonSchema>>
  readonly responses?: Readonly<Record<string, ResponseObject>>
  readonly securitySchemes?: Readonly<Record<string, Readonly<Record<string, unknown>>>>
}
