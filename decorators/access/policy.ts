/** Where the policy of an entity is found. */
import { MetadataKey } from '../metadata.ts'

/** Written on the entity's class by `definePolicy` of `tenon/access`. */
export const POLICY = new MetadataKey<object>('access.policy')
