/** Values read through a Standard Schema object (zod, valibot, arktype): https://standardschema.dev */
import type { Conversion } from './convert-text.ts'

interface StandardSchema {
  readonly '~standard': {
    validate(value: unknown): StandardResult | Promise<StandardResult>
  }
}

interface StandardResult {
  readonly value?: unknown
  readonly issues?: readonly { readonly message: string }[] | undefined
}

/** Whether `schema` speaks Standard Schema. */
export function isStandardSchema(schema: unknown): schema is StandardSchema {
  if (schema === null || (typeof schema !== 'object' && typeof schema !== 'function')) return false
  const standard = (schema as Partial<StandardSchema>)['~standard']
  return typeof standard?.validate === 'function'
}

/** Messages of a schema may quote the value, so those about a secret are not repeated. */
export async function applySchema(schema: unknown, value: unknown, isSecret: boolean): Promise<Conversion> {
  if (!isStandardSchema(schema)) return { reason: 'has a schema that is no Standard Schema object' }
  try {
    const result = await schema['~standard'].validate(value)
    if (!result.issues) return { value: result.value }
    return refused(result.issues.map(({ message }) => message).join('; '), isSecret)
  } catch (error) {
    return refused(error instanceof Error ? error.message : String(error), isSecret)
  }
}

function refused(why: string, isSecret: boolean): Conversion {
  return { reason: isSecret ? 'is refused by its schema' : `is refused by its schema (${why})` }
}
