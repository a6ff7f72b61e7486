/** Runs a validator and answers what came of it, so that tests can speak about errors as values. */
import type { ProblemError } from '../../../src/errors/problem.ts'
import type { Validator } from '../../../src/validation/compile-validator.ts'
import { ValidationFailed } from '../../../src/validation/index.ts'

/** The broken rules; none when the value was accepted. Any other error is passed on. */
export async function errorsOf(validate: Validator, value: unknown): Promise<readonly ProblemError[]> {
  try {
    await validate(value)
    return []
  } catch (error) {
    if (error instanceof ValidationFailed) return error.errors ?? []
    throw error
  }
}

/** The same in one line each: `/items/0/name isString`. */
export async function rulesOf(validate: Validator, value: unknown): Promise<readonly string[]> {
  return (await errorsOf(validate, value)).map(({ pointer, code }) => `${pointer} ${code}`)
}
