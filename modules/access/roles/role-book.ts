/** Which roles include which, and what they permit: worked out once, asked on every call. */
import type { Principal } from 'tenon'

/** One role. */
export interface RoleDeclaration<R extends string = string> {
  /** Roles whose rights it has as well. */
  readonly includes?: readonly R[]
  /** Permissions that it grants, besides those of the roles it includes. */
  readonly permissions?: readonly string[]
}

export type RoleDeclarations<R extends string = string> = Readonly<Record<R, RoleDeclaration<R>>>

const NOBODY: ReadonlySet<string> = new Set()

export class RoleBook {
  /** The roles that were declared; none: roles are whatever callers have. */
  readonly names: readonly string[]
  readonly #declared: ReadonlyMap<string, RoleDeclaration>
  readonly #holders = new Map<string, Set<string>>()
  readonly #grants = new Map<string, Set<string>>()

  constructor(declarations: RoleDeclarations = {}) {
    // Names are compared as keys of maps: `constructor` and `__proto__` are roles like any others.
    this.#declared = new Map(Object.entries(declarations))
    this.names = [...this.#declared.keys()]
    for (const name of this.names) {
      for (const included of this.#closure(name)) {
        add(this.#holders, included, name)
        for (const each of this.#declared.get(included)?.permissions ?? []) add(this.#grants, each, name)
      }
    }
  }

  get permissions(): readonly string[] {
    return [...this.#grants.keys()]
  }

  declaration(role: string): RoleDeclaration | undefined {
    return this.#declared.get(role)
  }

  /** The roles that are or include this one. */
  holdersOf(role: string): ReadonlySet<string> {
    return this.#holders.get(role) ?? new Set([role])
  }

  /** The roles that grant this permission. */
  grantersOf(permission: string): ReadonlySet<string> {
    return this.#grants.get(permission) ?? NOBODY
  }

  hasRole(caller: Principal, role: string): boolean {
    return hasOneOf(caller, this.holdersOf(role))
  }

  /** Credentials without limits have every scope. */
  hasScope({ scopes }: Principal, scope: string): boolean {
    return scopes == null || (Array.isArray(scopes) && scopes.includes(scope))
  }

  /** What a role grants, as far as the limits of the credential name it. */
  hasPermission(caller: Principal, permission: string): boolean {
    return hasOneOf(caller, this.grantersOf(permission)) && this.hasScope(caller, permission)
  }

  #closure(role: string): ReadonlySet<string> {
    const reached = new Set([role])
    for (const each of reached) for (const next of this.#declared.get(each)?.includes ?? []) reached.add(next)
    return reached
  }
}

/** Roles come from tokens of others: what is no list holds none. */
export function hasOneOf({ roles }: Principal, wanted: ReadonlySet<string>): boolean {
  if (!Array.isArray(roles)) return false
  for (const each of roles as readonly string[]) if (wanted.has(each)) return true
  return false
}

function add(map: Map<string, Set<string>>, key: string, value: string): void {
  const values = map.get(key)
  if (values) values.add(value)
  else map.set(key, new Set([value]))
}
