/** `@CsrfProtected`: endpoints that give out cookies are checked although the caller has none yet. */
import { annotate } from '../annotate.ts'
import { MetadataKey } from '../metadata.ts'

export const CSRF_PROTECTED = new MetadataKey<true>('auth.csrf-protected')

/**
 * Checks every call of the endpoint, also those without a session: for endpoints that log a browser in. Without it, a call
 * is checked when it carries a session cookie, which needs no decorator.
 */
export function CsrfProtected(): ClassDecorator & MethodDecorator {
  return annotate(CSRF_PROTECTED, true)
}
