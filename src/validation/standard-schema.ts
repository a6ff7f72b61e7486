/** Standard Schema objects (zod, valibot, ...) at the places where DTO classes stand, with the same errors. */
import type { ProblemError } from '../errors/problem.ts'
import { pointerTo } from './json-pointer.ts'
import { SchemaUnknown, ValidationFailed } from './validation-errors.ts'
import type { Validator } from './validator.ts'

/** What every library that implements Standard Schema offers, https://standardschema.dev, version 1. */
export interface StandardSchema<Output = unknown> {
  readonly '~standard': {
    readonly version: 1
    readonly vendor: string
    readonly validate: (value: unknown) => StandardResult<Output> | Promise<StandardResult<Output>>
  }
}

/** The value, or what is wrong with it. */
export type StandardResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly StandardIssue[] }

/** One thing wrong, by its path from the outside in. */
export interface StandardIssue {
  readonly message: string
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined
}

/** Whether a value can be asked to validate. */
export function isStandardSchema(value: unknown): value is StandardSchema {
  if (value === null || (typeof value !== 'object' && typeof value !== 'function') || !('~standard' in value))
    return false
  const standard = value['~standard'] as Partial<StandardSchema['~standard']> | null
  return standard?.version === 1 && typeof standard.validate === 'function'
}

/**
 * Makes the validator of a schema.
 * The schema decides on unknown fields and on conversion; `mode`, `groups` and `fromText` are words for classes.
 * @param options.pointer - What the pointers of errors begin with. Default: the body, `''`.
 * @throws `VALIDATION_SCHEMA_UNKNOWN` when it is no Standard Schema; the validator throws `VALIDATION_FAILED`.
 */
export async function compileSchemaValidator(
  schema: unknown,
  { pointer = '' }: { readonly pointer?: string } = {},
): Promise<Validator> {
  if (!isStandardSchema(schema)) throw new SchemaUnknown(describe(schema))
  const standard = schema['~standard']

  const valueOf = (result: StandardResult<unknown>): unknown => {
    if (result.issues) throw new ValidationFailed(result.issues.map((issue) => problemError(issue, pointer)))
    return result.value
  }
  return (value) => {
    const result = standard.validate(value)
    return result instanceof Promise ? result.then(valueOf) : valueOf(result)
  }
}

function problemError(issue: StandardIssue, root: string): ProblemError {
  const keys = (issue.path ?? []).map((step) => (typeof step === 'object' ? step.key : step))
  // Libraries name their rules beside the standard: `code` in zod, `type` in valibot.
  const { code, type } = issue as { code?: unknown; type?: unknown }
  const rule = typeof code === 'string' ? code : typeof type === 'string' ? type : 'invalid'
  return { pointer: keys.reduce(pointerTo, root), code: rule, detail: issue.message }
}

function describe(value: unknown): string {
  return typeof value === 'function' ? `the class or function ${value.name}` : `a value of type ${typeof value}`
}
