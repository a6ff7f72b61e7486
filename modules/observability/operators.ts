/** Who may look inside a running application. */
import type { CallContext, Guard, InterceptorDescription, Principal } from 'tenon'
import { Interceptor } from 'tenon/decorators'

import { ObservabilityConfig } from './observability-config.ts'
import { NotForEverybody } from './observability-errors.ts'

/** What a token that is limited to scopes needs besides its owner's role. */
const SCOPE = 'observe'

export function isOperator(principal: Principal | undefined, { operatorRole }: ObservabilityConfig): boolean {
  if (!principal?.roles?.includes(operatorRole)) return false
  return principal.scopes === undefined || principal.scopes.includes(SCOPE)
}

@Interceptor({ phase: 'authorize' })
export class OperatorsOnly implements Guard {
  readonly #config: ObservabilityConfig

  constructor(config: ObservabilityConfig) {
    this.#config = config
  }

  /** @throws `OBSERVABILITY_FORBIDDEN` */
  decide({ principal, endpoint }: CallContext): boolean {
    if (isOperator(principal, this.#config)) return true
    throw new NotForEverybody(endpoint.name)
  }

  describe(): InterceptorDescription {
    const access = `role ${this.#config.operatorRole}`
    return { access, does: `needs a caller who has the ${access}` }
  }
}
