/** Rules that no schema says: their names stand in `x-rules`, and asking them tells whether they take anything but text. */
import type { DescribedRule } from 'tenon'

import type { JsonSchema } from './json-schema.ts'

export function furtherRule({ name, accepts }: DescribedRule): JsonSchema {
  const isAboutText = accepts !== undefined && NO_TEXTS.every((value) => !accepts(value))
  return { ...(isAboutText ? { type: 'string' as const } : {}), 'x-rules': [name] }
}

const NO_TEXTS: readonly unknown[] = [0, 1, -1.5, true, false, [], [''], {}]
