/** What a version means for one endpoint: upgrades around the handler, and what caches and documents are told. */
import {
  describeProblem,
  isDocument,
  ModuleGraph,
  type Contribution,
  type Endpoint,
  type EndpointInterceptor,
  type InterceptorDescription,
  type StandIns,
} from 'tenon'
import { Interceptor, type AbstractClass } from 'tenon/decorators'

import { normalized } from './api-version.ts'
import { versionReader, type VersionReader } from './read-version.ts'
import { declaredUpgrades, upgradeChain, type DeclaredUpgrade } from './upgrade-chain.ts'
import { VersionLayout } from './version-layout.ts'
import type { VersionUpgrade } from './version-upgrade.ts'
import { VersioningConfig } from './versioning-config.ts'
import { VersionMissing, VersionUnsupported } from './versioning-errors.ts'

/** Outside of argument binding and of the shape that `@Returns` gives. */
@Interceptor({ phase: 'validate', order: -100, on: ['http'] })
export class VersionInterceptor implements EndpointInterceptor {
  readonly #layout: VersionLayout
  readonly #reader: VersionReader
  readonly #upgrades: readonly DeclaredUpgrade[]
  readonly #default: string | undefined

  constructor(config: VersioningConfig, layout: VersionLayout, graph: ModuleGraph) {
    this.#layout = layout
    this.#reader = versionReader(config)
    this.#upgrades = declaredUpgrades(graph)
    this.#default = config.defaultVersion === undefined ? undefined : normalized(config.defaultVersion)
  }

  /** The newest version pays nothing for the older ones. */
  forEndpoint(endpoint: Endpoint): Contribution | undefined {
    if (endpoint.version === undefined) return undefined
    const { varies } = this.#reader
    const headers = varies === undefined ? {} : { headers: { vary: varies } }
    const chain = this.#chainOf(endpoint)
    return chain.length === 0 ? headers : { ...headers, ...throughUpgrades(chain) }
  }

  describe(endpoint: Endpoint): InterceptorDescription {
    const { version } = endpoint
    const { parameter } = this.#reader
    const chain = this.#chainOf(endpoint)
    const required = version !== this.#default
    return {
      does: `answers version ${version}${chain.length === 0 ? '' : `, by ${chain.length} upgrades to the newest shape`}`,
      ...(parameter && { parameters: [{ ...parameter, required, schema: { type: 'string', const: version } }] }),
      standIns: standInsOf(chain),
      problems: [
        describeProblem(VersionMissing, 'the request names no version and there is no default'),
        describeProblem(VersionUnsupported, 'the request names a version that is not there'),
      ],
    }
  }

  #chainOf(endpoint: Endpoint): readonly VersionUpgrade[] {
    const { version } = endpoint
    const known = this.#layout.newestOf(endpoint)
    if (version === undefined || known === undefined) return []
    return upgradeChain(endpoint, version, known, this.#upgrades)
  }
}

/** From the newest shape backwards: what stands in the place of a class may be replaced again by an older version. */
function standInsOf(chain: readonly VersionUpgrade[]): StandIns {
  return chain.toReversed().reduce<StandIns>((later, { models = new Map() }) => {
    const passed = [...later].map(([type, standIn]): readonly [AbstractClass, StandIn] => {
      const older = models.get(isList(standIn) ? standIn[0] : standIn)
      if (older === undefined) return [type, standIn]
      return [type, isList(standIn) && !isList(older) ? [older] : older]
    })
    return new Map([...models, ...passed])
  }, new Map())
}

type StandIn = AbstractClass | readonly [AbstractClass]

function isList(standIn: StandIn): standIn is readonly [AbstractClass] {
  return Array.isArray(standIn)
}

function throughUpgrades(chain: readonly VersionUpgrade[]): Contribution {
  const newestFirst = chain.toReversed()
  return {
    ...(chain.some(({ request }) => request) && {
      input: (given) => chain.reduce((input, step) => step.request?.(input) ?? input, given),
    }),
    ...(chain.some(({ response }) => response) && {
      around: async (_context, next) => {
        const answer: unknown = await next()
        if (!isDocument(answer)) return answer
        return newestFirst.reduce<unknown>(
          (body, step) => (step.response ? step.response(body as never) : body),
          written(answer),
        )
      },
    }),
  }
}

/** As it is about to be written: an object may say itself what of it is data. */
function written(document: object): unknown {
  const { toJSON } = document as { readonly toJSON?: unknown }
  return typeof toJSON === 'function' ? Reflect.apply(toJSON, document, []) : document
}
