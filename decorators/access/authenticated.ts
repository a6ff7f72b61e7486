/** `@Authenticated`: only for callers who are known, however or in one of the named ways. */
import { annotate } from '../annotate.ts'
import { MetadataKey } from '../metadata.ts'
import { ACCESS } from './access-group.ts'

export interface AuthenticatedFact {
  /** Names of authentication schemes (`bearer`, `session`, `apiKey`); empty: any. */
  readonly schemes: readonly string[]
}

export const AUTHENTICATED = new MetadataKey<AuthenticatedFact>('access.authenticated', ACCESS)

/**
 * Any known caller may call.
 * @param schemes - The ways to authenticate that count here. Default: every scheme of the application.
 */
export function Authenticated(...schemes: readonly string[]): ClassDecorator & MethodDecorator {
  return annotate(AUTHENTICATED, { schemes })
}
