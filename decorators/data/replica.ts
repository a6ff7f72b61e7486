/** `@Replica`: what the method reads may be old. */
import { annotate } from '../annotate.ts'
import { MetadataKey } from '../metadata.ts'

export const REPLICA = new MetadataKey<true>('data.replica')

/**
 * The method reads from replicas, even when its call has written and inside of a transaction; it must not write. The primary is
 * read where there is no replica, or none that is well.
 * @example `@Replica() @Get('/statistics') statistics(): Promise<Statistics> { … }`
 */
export function Replica(): ClassDecorator & MethodDecorator {
  return annotate(REPLICA, true)
}
