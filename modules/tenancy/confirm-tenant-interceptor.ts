/** Confirms the proposed tenant against the caller and the directory, as the last of authentication. */
import {
  describeProblem,
  securityEvents,
  type CallContext,
  type Contribution,
  type Endpoint,
  type EndpointInterceptor,
  type InterceptorDescription,
} from 'tenon'
import { Interceptor, PUBLIC } from 'tenon/decorators'

import { CROSSING_ROLES } from './crossing.ts'
import { KnownTenants } from './directory/known-tenants.ts'
import { TenancyConfig } from './tenancy-config.ts'
import { TenantForeign, TenantMissing, TenantSuspended, TenantUnknown } from './tenancy-errors.ts'
import { tenantDecision } from './tenant-decision.ts'
import { TenantDatabases } from './tenant-databases.ts'
import { placesOf } from './tenant-places.ts'

@Interceptor({ phase: 'authenticate', order: 1000 })
export class ConfirmTenantInterceptor implements EndpointInterceptor {
  readonly #config: TenancyConfig
  readonly #tenants: KnownTenants
  readonly #databases: TenantDatabases

  constructor(config: TenancyConfig, tenants: KnownTenants, databases: TenantDatabases) {
    this.#databases = databases
    this.#config = config
    this.#tenants = tenants
  }

  forEndpoint(endpoint: Endpoint): Contribution | undefined {
    if (tenantDecision(endpoint) !== 'tenant') return undefined
    return { before: (context) => this.#confirm(context, endpoint) }
  }

  describe(endpoint: Endpoint): InterceptorDescription {
    return {
      access: endpoint.read(PUBLIC) === undefined ? 'own tenant' : 'for the tenant it names',
      does: 'acts for one tenant, which the caller belongs to',
      problems: [
        describeProblem(TenantMissing, 'neither the request nor its caller names a tenant'),
        describeProblem(TenantForeign, 'the caller does not belong to the tenant'),
        describeProblem(TenantSuspended, 'the tenant is suspended'),
        describeProblem(TenantUnknown, 'there is no such tenant'),
      ],
    }
  }

  /** Stays synchronous as long as the directory's answers are known. */
  #confirm(context: CallContext, endpoint: Endpoint): void | Promise<void> {
    context.set(CROSSING_ROLES, this.#config.crossingRoles)
    const { principal, tenant: proposed } = context
    const own = principal?.tenant
    // Whatever runs after a refusal must not act for the tenant that was refused.
    context.tenant = undefined
    if (own !== undefined && proposed !== undefined && own !== proposed) this.#refuse(endpoint, proposed)
    const tenant = proposed ?? (this.#config.from.includes('caller') ? own : undefined)
    if (tenant === undefined) throw new TenantMissing(endpoint.name, this.#placesOf(endpoint))
    if (!principal || own !== undefined) return this.#require(context, tenant)
    // Known, and of no tenant in particular: somebody has to say that this one may.
    const isAdmitted = this.#tenants.admits(principal, tenant)
    if (isAdmitted === true) return this.#require(context, tenant)
    if (isAdmitted === false) return this.#refuse(endpoint, tenant)
    return isAdmitted.then((admitted) => (admitted ? this.#require(context, tenant) : this.#refuse(endpoint, tenant)))
  }

  #require(context: CallContext, tenant: string): void | Promise<void> {
    const found = this.#tenants.require(tenant)
    if (found instanceof Promise) return found.then(() => this.#enter(context, tenant))
    return this.#enter(context, tenant)
  }

  /** A database of its own is open until the call is over. */
  #enter(context: CallContext, tenant: string): void | Promise<void> {
    const taking = this.#databases.take(tenant)
    if (!taking) {
      context.tenant = tenant
      return undefined
    }
    return taking.then((giveBack) => {
      context.onSettled(giveBack)
      context.tenant = tenant
    })
  }

  #refuse(endpoint: Endpoint, tenant: string): never {
    securityEvents.publish({
      type: 'tenancy.foreign',
      outcome: 'refused',
      tenant,
      subject: endpoint.name,
      reason: TenantForeign.code,
      at: Date.now(),
    })
    throw new TenantForeign(tenant)
  }

  #placesOf(endpoint: Endpoint): string {
    const caller = this.#config.from.includes('caller') ? ['caller'] : []
    return [...caller, ...placesOf(this.#config, endpoint).map(({ name }) => name)].join(', ')
  }
}
