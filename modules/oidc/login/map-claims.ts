/** What claims give here: by the lists of the settings alone, never because a claim is called like a role. */
import { OidcAccountUnknown } from '../oidc-errors.ts'
import type { IdentityClaims, OidcIssuer } from './oidc-issuer.ts'

export interface MappedClaims {
  /** `undefined`: the issuer decides nothing about roles. */
  readonly roles: readonly string[] | undefined
  /** `undefined`: the issuer decides nothing about the tenant. */
  readonly tenant: string | undefined
}

/**
 * @param roles - Those that everybody has.
 * @throws `OIDC_ACCOUNT_UNKNOWN` for somebody of no tenant that is listed.
 */
export function mapClaims(
  { groups, tenants }: OidcIssuer,
  claims: IdentityClaims,
  roles: readonly string[],
): MappedClaims {
  return {
    roles: groups && [...new Set([...roles, ...rolesOf(groups.roles, claims[groups.claim ?? 'groups'])])],
    tenant: tenants && tenantOf(tenants.tenantOf, claims[tenants.claim]),
  }
}

function rolesOf(roles: Readonly<Record<string, readonly string[]>>, claim: unknown): readonly string[] {
  const groups = Array.isArray(claim) ? claim : [claim]
  return groups.flatMap((group) => (typeof group === 'string' && Object.hasOwn(roles, group) ? roles[group]! : []))
}

function tenantOf(tenants: Readonly<Record<string, string>>, claim: unknown): string {
  if (typeof claim !== 'string' || !Object.hasOwn(tenants, claim)) throw new OidcAccountUnknown()
  return tenants[claim]!
}
