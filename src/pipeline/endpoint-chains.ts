/** What runs around endpoints, for those who document or explain them without calling them. */
import { askInterceptors, type InterceptorSources, type PlacedStep } from './collect-arounds.ts'
import { chainOf, type EndpointChain } from './chain-of.ts'
import type { Endpoint } from './endpoint.ts'

/** Injectable. An interceptor is asked once for an endpoint, whether the endpoint is compiled, explained or both. */
export class EndpointChains {
  readonly #sources: () => Omit<InterceptorSources, 'transport'>
  readonly #asked = new Map<Endpoint, readonly PlacedStep[]>()

  /** @param sources - Asked with the first endpoint, when everything is built. */
  constructor(sources: () => Omit<InterceptorSources, 'transport'>) {
    this.#sources = sources
  }

  /** What the transport itself does (reading arguments, negotiation) is not part of it. */
  of(endpoint: Endpoint): EndpointChain {
    return chainOf(endpoint, this.#sources(), this.stepsOf(endpoint))
  }

  /** @internal Outermost first. */
  stepsOf(endpoint: Endpoint): readonly PlacedStep[] {
    let steps = this.#asked.get(endpoint)
    if (!steps) this.#asked.set(endpoint, (steps = askInterceptors(endpoint, this.#sources())))
    return steps
  }
}
