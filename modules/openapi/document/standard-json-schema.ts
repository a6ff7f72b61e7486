/** The JSON Schema of what another library validates, where the library offers it (https://standardschema.dev/json-schema). */
import type { JsonSchema } from '../schema/json-schema.ts'

interface OffersJsonSchema {
  readonly '~standard'?: {
    readonly jsonSchema?: { readonly input?: (options: { readonly target: string }) => JsonSchema }
  }
}

/** `undefined` where the library does not tell, or cannot say this schema in JSON Schema. */
export function schemaOfStandard(schema: unknown): JsonSchema | undefined {
  const make = (schema as OffersJsonSchema | undefined)?.['~standard']?.jsonSchema?.input
  if (!make) return undefined
  try {
    const { $schema: _dialect, ...made } = make({ target: 'draft-2020-12' })
    return made
  } catch {
    return undefined
  }
}
