/** What an application consists of, as plain immutable models with the places they were written at. */
import type {
  AbstractClass,
  CallSite,
  Class,
  InjectionToken,
  Lifetime,
  MemberName,
  ModuleOptions,
  Stereotype,
} from '../../decorators/index.ts'
import type { Diagnostic } from '../check/diagnostic.ts'
import type { Endpoint } from '../pipeline/endpoint.ts'

export interface ModuleModel {
  readonly type: Class
  readonly name: string
  readonly options: ModuleOptions
  readonly imports: readonly Class[]
  readonly at: CallSite
}

/** One thing a provider asks for. */
export interface DependencyModel {
  /** Position among the parameters. */
  readonly index: number
  /** `undefined` when neither the emitted type nor `@Inject` names anything the container could know. */
  readonly token: InjectionToken | undefined
  /** What the compiler emitted for the parameter. */
  readonly emitted: unknown
  readonly many: boolean
  readonly optional: boolean
  readonly at: CallSite
}

export type ProviderKind = 'class' | 'value' | 'factory' | 'existing' | 'method'

export interface ProviderModel {
  readonly token: InjectionToken
  /** The name of its token. */
  readonly name: string
  readonly kind: ProviderKind
  readonly stereotype: Stereotype | undefined
  /** The class that is built; none for values, factories and aliases. */
  readonly implementation: Class | undefined
  /** The member of a module that makes it, for `@Provide` methods. */
  readonly member: MemberName | undefined
  readonly lifetime: Lifetime
  readonly dependencies: readonly DependencyModel[]
  readonly primary: boolean
  readonly internal: boolean
  readonly module: ModuleModel
  readonly at: CallSite
  /** Makes the instance out of the resolved dependencies, in order. */
  readonly create: (...dependencies: unknown[]) => unknown
}

export interface ModuleGraphParts {
  readonly modules: readonly ModuleModel[]
  readonly providers: readonly ProviderModel[]
  readonly endpoints: readonly Endpoint[]
  /** Interceptors of the whole application, in the order of the modules. */
  readonly interceptors: readonly Class[]
  /** What was already wrong while reading. */
  readonly findings: readonly Diagnostic[]
}

/** The whole application; injectable, for what works on structure (documents, reports, data). */
export class ModuleGraph {
  readonly modules: readonly ModuleModel[]
  readonly providers: readonly ProviderModel[]
  readonly endpoints: readonly Endpoint[]
  readonly interceptors: readonly Class[]
  readonly findings: readonly Diagnostic[]
  readonly #byToken: ReadonlyMap<InjectionToken, readonly ProviderModel[]>

  constructor(parts: ModuleGraphParts) {
    this.modules = parts.modules
    this.providers = parts.providers
    this.endpoints = parts.endpoints
    this.interceptors = parts.interceptors
    this.findings = parts.findings
    this.#byToken = Map.groupBy(parts.providers, (provider) => provider.token)
  }

  /** Everything that provides `token`, in the order of the modules. */
  providersOf(token: InjectionToken): readonly ProviderModel[] {
    return this.#byToken.get(token) ?? []
  }

  /** The one to inject: the only one, or the only primary one; `undefined` when missing or ambiguous. */
  providerOf(token: InjectionToken): ProviderModel | undefined {
    const all = this.providersOf(token)
    if (all.length <= 1) return all[0]
    const primaries = all.filter((provider) => provider.primary)
    return primaries.length === 1 ? primaries[0] : undefined
  }
}

/** What people call a token or class. */
export function nameOf(token: InjectionToken | AbstractClass | MemberName): string {
  if (typeof token === 'string' || typeof token === 'symbol') return String(token)
  return token.name || '(anonymous class)'
}
