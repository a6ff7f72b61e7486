/** What can be wrong with what comes in, and with what goes out. */
import { defineError } from '../errors/define-error.ts'
import type { ProblemError } from '../errors/problem.ts'

/** The input broke rules; `errors` has one entry for each broken rule of each field. */
export const ValidationFailed = defineError({
  code: 'VALIDATION_FAILED',
  status: 400,
  message: (errors: readonly ProblemError[]) => {
    const [first, ...more] = errors
    const others = more.length === 0 ? '' : ` (and ${more.length} more)`
    return first === undefined ? 'The input is not valid.' : `The input is not valid: ${first.detail}${others}.`
  },
  help: 'Correct the fields listed in errors; each pointer says where.',
  errors: (errors: readonly ProblemError[]) => errors,
})

/** Something was handed in as a schema that is none. */
export const SchemaUnknown = defineError({
  code: 'VALIDATION_SCHEMA_UNKNOWN',
  status: 500,
  message: (given: string) => `A schema was expected, and ${given} is not a Standard Schema (version 1).`,
  help: 'Pass a schema of zod, valibot or another library that implements Standard Schema, or use a DTO class.',
})

/** The handler answered something else than the model it declares. */
export const SerializeModelMismatch = defineError({
  code: 'SERIALIZE_MODEL_MISMATCH',
  status: 500,
  message: (expected: string, given: string) => `The declared answer is ${expected}, and the handler gave ${given}.`,
  help: 'Return the declared model, declare lists with @Returns(Model, { array: true }), or throw NotFoundException.',
})

/** An object of the answer contains itself. */
export const SerializeCircular = defineError({
  code: 'SERIALIZE_CIRCULAR',
  status: 500,
  message: (model: string, path: string) => `The answer ${model} contains itself at ${path}.`,
  help: 'Mark one side of the relation with @Exclude(), or answer a model that does not lead back.',
})
