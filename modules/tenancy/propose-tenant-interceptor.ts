/** Proposes the tenant that a request names; who calls is not known yet. */
import {
  describeProblem,
  type Contribution,
  type Endpoint,
  type EndpointInterceptor,
  type InterceptorDescription,
} from 'tenon'
import { Interceptor } from 'tenon/decorators'

import { TenancyConfig } from './tenancy-config.ts'
import { TenantAmbiguous, TenantNameInvalid } from './tenancy-errors.ts'
import { tenantDecision } from './tenant-decision.ts'
import { placesOf, readProposal } from './tenant-places.ts'

@Interceptor({ phase: 'context' })
export class ProposeTenantInterceptor implements EndpointInterceptor {
  readonly #config: TenancyConfig

  constructor(config: TenancyConfig) {
    this.#config = config
  }

  forEndpoint(endpoint: Endpoint): Contribution | undefined {
    const places = placesOf(this.#config, endpoint)
    if (tenantDecision(endpoint) !== 'tenant' || places.length === 0) return undefined
    return {
      before: (context) => {
        const proposed = readProposal(places, context)
        if (proposed !== undefined) context.tenant = proposed
      },
    }
  }

  describe(endpoint: Endpoint): InterceptorDescription {
    const { from, header } = this.#config
    return {
      does: `takes the tenant from ${placesOf(this.#config, endpoint)
        .map(({ name }) => name)
        .join(' or ')}`,
      parameters:
        from.includes('header') && endpoint.transport !== 'command'
          ? [{ in: 'header', name: header, required: false, description: 'The tenant the call is for.' }]
          : [],
      problems: [
        describeProblem(TenantNameInvalid, 'what is named cannot be a tenant'),
        describeProblem(TenantAmbiguous, 'different places name different tenants'),
      ],
    }
  }
}
