/** Calls the lifecycle methods of all singletons: dependencies first when starting, dependants first when stopping. */
import {
  decoratedMembers,
  ON_DRAIN,
  ON_INIT,
  ON_READY,
  ON_SHUTDOWN,
  type MemberName,
  type MetadataKey,
} from '../../decorators/index.ts'
import type { ProviderModel } from '../graph/module-graph.ts'
import type { Logger } from '../logging/logger.ts'
import { TenonError } from '../errors/define-error.ts'
import { LifecycleFailed } from './container-errors.ts'
import type { Container } from './container.ts'

/** The four turning points of an application. */
export class Lifecycle {
  readonly #container: Container
  readonly #singletons: readonly ProviderModel[]
  readonly #logger: Logger
  #initialized = 0

  /** @param singletons - In the order they were built. */
  constructor(container: Container, singletons: readonly ProviderModel[], logger: Logger) {
    this.#container = container
    this.#singletons = singletons.filter((provider) => provider.implementation !== undefined)
    this.#logger = logger
  }

  /** One after the other, so that each finds what it depends on initialized. */
  async init(): Promise<void> {
    for (const provider of this.#singletons) {
      await this.#begin(provider, ON_INIT)
      this.#initialized += 1
    }
  }

  async ready(): Promise<void> {
    for (const provider of this.#singletons) await this.#begin(provider, ON_READY)
  }

  async drain(): Promise<void> {
    await this.#callReversed(ON_DRAIN)
  }

  /** Also after a start that failed half-way: only what was initialized is shut down. */
  async shutdown(): Promise<void> {
    await this.#callReversed(ON_SHUTDOWN)
    this.#initialized = 0
  }

  /** Errors of ours name themselves; any other one is told where it came from. */
  async #begin(provider: ProviderModel, key: MetadataKey<true>): Promise<void> {
    try {
      await this.#call(provider, key)
    } catch (error) {
      if (error instanceof TenonError) throw error
      const reason = error instanceof Error ? error.message : String(error)
      throw new LifecycleFailed(provider.name, key === ON_INIT ? 'init' : 'ready', reason).causedBy(error)
    }
  }

  /** A failure is logged and does not keep the others from stopping. */
  async #callReversed(key: MetadataKey<true>): Promise<void> {
    for (const provider of this.#singletons.slice(0, this.#initialized).toReversed()) {
      try {
        await this.#call(provider, key)
      } catch (error) {
        this.#logger.error(`${provider.name} failed while stopping.`, { error })
      }
    }
  }

  async #call(provider: ProviderModel, key: MetadataKey<true>): Promise<void> {
    const type = provider.implementation
    if (!type) return
    for (const member of decoratedMembers(type)) {
      if (!key.read(type, member)) continue
      const instance = this.#container.instanceOf(provider) as Record<MemberName, () => unknown>
      await instance[member]?.()
    }
  }
}
