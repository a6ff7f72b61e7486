/** `@Roles`: for callers who have one of these roles. */
import { MetadataKey } from '../metadata.ts'
import { ACCESS, annotateEach } from './access-group.ts'

export const ROLES = new MetadataKey<readonly (readonly string[])[]>('access.roles', ACCESS)

/**
 * One of these roles, or one that includes it, may call. On a method it replaces every decision of the class.
 * @param roles - Compared letter by letter.
 */
export function Roles(...roles: readonly [string, ...string[]]): ClassDecorator & MethodDecorator {
  return annotateEach(ROLES, roles)
}
