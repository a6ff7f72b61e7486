/** Decisions about who may call. They replace each other: what a method says stands instead of what its class says. */
import { callSite } from '../call-site.ts'
import { MetadataGroup, type MemberName, type MetadataKey } from '../metadata.ts'

/** `@Public`, `@Authenticated`, `@Roles`, `@Scopes`, `@Authorize`. */
export const ACCESS = new MetadataGroup()

/** Written twice above the same method or class, both hold. */
export function annotateEach<T>(key: MetadataKey<readonly T[]>, value: T): ClassDecorator & MethodDecorator {
  const at = callSite()
  return (target: object, member?: MemberName) =>
    key.write([value, ...(key.writtenHere(target, member)?.value ?? [])], target, member, at)
}
