/** Says of a login what the `LoginGate` may ask for there; the gate itself stands in `Logins`, whichever form leads to it. */
import type { Contribution, Endpoint, EndpointInterceptor, InterceptorDescription } from 'tenon'
import { Interceptor, Optional } from 'tenon/decorators'

import { LoginGate } from './login-gate.ts'

/** `@Use(GatedLogin)` on a route of your own that logs in by `Logins`: its document then has the problems of the gate. */
@Interceptor({ phase: 'around' })
export class GatedLogin implements EndpointInterceptor {
  readonly #gate: LoginGate | undefined

  constructor(@Optional() gate?: LoginGate) {
    this.#gate = gate
  }

  /** Nothing runs for it; without a gate, nothing is said either. */
  forEndpoint(_endpoint: Endpoint): Contribution | undefined {
    return this.#gate ? {} : undefined
  }

  describe(): InterceptorDescription {
    return this.#gate?.describe() ?? {}
  }
}

/** The same where somebody who is logged in is asked again. */
@Interceptor({ phase: 'around' })
export class GatedChange implements EndpointInterceptor {
  readonly #gate: LoginGate | undefined

  constructor(@Optional() gate?: LoginGate) {
    this.#gate = gate
  }

  forEndpoint(_endpoint: Endpoint): Contribution | undefined {
    return this.#gate ? {} : undefined
  }

  describe(): InterceptorDescription {
    return this.#gate?.describeAgain() ?? {}
  }
}
