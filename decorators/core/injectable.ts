/** `@Injectable` and its stereotypes: a class the container builds. */
import { annotate } from '../annotate.ts'
import { MetadataKey } from '../metadata.ts'

/** `singleton`: built once, before the first request. `transient`: built anew for each place that asks. */
export type Lifetime = 'singleton' | 'transient'

/** What a class is for; `check` and diagrams tell them apart. */
export type Stereotype = 'injectable' | 'service' | 'repository' | 'controller' | 'interceptor' | 'config'

export interface InjectableFact {
  readonly scope: Lifetime
  readonly stereotype: Stereotype
}

export interface InjectableOptions {
  /** Default: `singleton`. State of one call belongs into `ctx()`, not into a provider. */
  readonly scope?: Lifetime
}

export const INJECTABLE = new MetadataKey<InjectableFact>('core.injectable')

/** A class that the container may build and hand to others. */
export function Injectable({ scope = 'singleton' }: InjectableOptions = {}): ClassDecorator {
  return annotate(INJECTABLE, { scope, stereotype: 'injectable' })
}

/** `@Injectable` for application logic. */
export function Service({ scope = 'singleton' }: InjectableOptions = {}): ClassDecorator {
  return annotate(INJECTABLE, { scope, stereotype: 'service' })
}
