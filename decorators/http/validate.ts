/** `@Validate`: how the arguments of an endpoint are validated, where the default does not fit. */
import { annotate } from '../annotate.ts'
import { MetadataKey } from '../metadata.ts'

export interface ValidateFact {
  /** class-validator groups to check; without any, fields of every group are checked. */
  readonly groups?: readonly string[]
  /** `strict` refuses undeclared fields, `strip` drops them silently. Default: `strict`. */
  readonly mode?: 'strict' | 'strip'
}

export const VALIDATE = new MetadataKey<ValidateFact>('validation.options')

/** On a method, or on a class for all of its endpoints. */
export function Validate(options: ValidateFact): ClassDecorator & MethodDecorator {
  return annotate(VALIDATE, options)
}
