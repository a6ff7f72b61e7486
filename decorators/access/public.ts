/** `@Public`: anyone may call. The kernel's health endpoints say it too. */
import { annotate } from '../annotate.ts'
import { MetadataKey } from '../metadata.ts'
import { ACCESS } from './access-group.ts'

export const PUBLIC = new MetadataKey<{ readonly reason: string | undefined }>('access.public', ACCESS)

/** @param reason - Why no caller needs to be known; listed by the check. */
export function Public(reason?: string): ClassDecorator & MethodDecorator {
  return annotate(PUBLIC, { reason })
}
