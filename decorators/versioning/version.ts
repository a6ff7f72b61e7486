/** `@Version`: the API versions in which an endpoint is there. */
import { annotate } from '../annotate.ts'
import { MetadataKey } from '../metadata.ts'

/** In no version and in all of them: the endpoint stays at its own path whatever the caller asks for. */
export const VERSION_NEUTRAL = 'neutral'

export const VERSION = new MetadataKey<readonly string[]>('versioning.versions')

/**
 * On a method it replaces what the class says.
 * @param versions - `'1'`, `'1.2'`; `'1.2+'` for that one and all later ones; `'2026-06-01'` for that day and later ones
 * until another endpoint takes over; `VERSION_NEUTRAL`.
 */
export function Version(...versions: readonly string[]): ClassDecorator & MethodDecorator {
  return annotate(VERSION, versions)
}
