/** `@Scopes`: what a key or token must not be limited away from. */
import { MetadataKey } from '../metadata.ts'
import { ACCESS, annotateEach } from './access-group.ts'

export const SCOPES = new MetadataKey<readonly (readonly string[])[]>('access.scopes', ACCESS)

/**
 * A credential that is limited to scopes must have all of these; one that is not limited passes.
 * @param scopes - Compared letter by letter: `orders:*` is a name like any other.
 */
export function Scopes(...scopes: readonly [string, ...string[]]): ClassDecorator & MethodDecorator {
  return annotateEach(SCOPES, scopes)
}
