/** `tenon/openapi`: the API as an OpenAPI 3.1 document, a page to read and try it, and files. */
export { Doc, type DocFact } from 'tenon/decorators'
export { ApiChangelog, type ChangelogChapter } from './changelog.ts'
export type {
  OpenApiDocument,
  Operation,
  OperationMethod,
  Parameter,
  PathItem,
  RequestBody,
  ResponseObject,
} from './document/openapi-document.ts'
export {
  isVersionParameter,
  operationsOf,
  problemCodesOf,
  problemMembersOf,
  referredName,
  resolved,
  type ListedOperation,
} from './document/read-document.ts'
export { AnswerUnknown, PageMissing, VersionUnknown } from './openapi-errors.ts'
export { OpenApiConfig } from './openapi-config.ts'
export { OpenApiModule } from './openapi-module.ts'
export { OpenApi, type TracedDocument, type TracedOperation } from './openapi.ts'
export type { Check } from './schema/checks.ts'
export type { JsonSchema } from './schema/json-schema.ts'
export { SAME_RULES } from './schema/rule-schemas.ts'
export { SchemaBook, type ModelUse } from './schema/schema-book.ts'
