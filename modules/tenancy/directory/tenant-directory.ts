/** Which tenants there are: the port behind which the application may keep them elsewhere. */
import type { Principal } from 'tenon'

export interface TenantRecord {
  readonly id: string
  readonly name: string
  readonly state: 'active' | 'suspended'
  /** Whatever the application keeps for each tenant. */
  readonly settings: Readonly<Record<string, unknown>>
  /** The most a tenant may have or do, by the application's own names: `seats`, `requestsPerMinute`. */
  readonly limits: Readonly<Record<string, number>>
}

/** By default the table `tenancy_tenants`. Another one: `{ provide: TenantDirectory, useClass: …, primary: true }`. */
export abstract class TenantDirectory {
  /** `undefined`: there is none of this name. */
  abstract find(id: string): Promise<TenantRecord | undefined>

  /**
   * Whether a caller whose credential names no tenant may act for this one: by membership, for instance.
   * Default: operators only, those who sit at the machine's shell.
   */
  admits(principal: Principal, _tenant: string): boolean | Promise<boolean> {
    return principal.kind === 'operator'
  }
}
