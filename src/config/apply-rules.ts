/**
 * class-validator rules on a configuration class. The library is only loaded when the class has rules, and then the
 * program has loaded it already.
 */
import type { MetadataStorage, ValidationError } from 'class-validator'

import type { Class } from '../../decorators/index.ts'

/** One field that breaks rules. */
export interface BrokenRules {
  readonly field: string
  readonly reason: string
}

/** Every field of `config` that breaks a rule; messages of secret fields are not repeated, for they may quote the value. */
export async function applyRules(
  type: Class,
  config: object,
  isSecret: (field: string) => boolean,
): Promise<readonly BrokenRules[]> {
  if (!hasRules(type)) return []
  const { validate } = await import('class-validator')
  const errors = await validate(config, { forbidUnknownValues: false })
  return errors.map((error) => ({ field: error.property, reason: reasonOf(error, isSecret(error.property)) }))
}

/** The library keeps its rules on the global object, so that several copies of it share them. */
function hasRules(type: Class): boolean {
  const { classValidatorMetadataStorage: storage } = globalThis as { classValidatorMetadataStorage?: MetadataStorage }
  return (storage?.getTargetValidationMetadatas(type, '', false, false).length ?? 0) > 0
}

function reasonOf(error: ValidationError, isSecret: boolean): string {
  const broken = constraintsOf(error)
  const names = [...new Set(broken.map(([rule]) => rule))].join(', ')
  if (isSecret) return `breaks the rule ${names}`
  return `breaks the rule ${names} (${broken.map(([, message]) => message).join('; ')})`
}

/** Rules of nested objects stand in `children`. */
function constraintsOf(error: ValidationError): readonly (readonly [string, string])[] {
  return [...Object.entries(error.constraints ?? {}), ...(error.children ?? []).flatMap(constraintsOf)]
}
