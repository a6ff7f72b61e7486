/**
 * Lays endpoints out by version. In paths each version is a route of its own; otherwise one route looks the answer up in
 * a table that is made here, at boot: no request ever searches.
 */
import type { IncomingMessage } from 'node:http'

import { Injectable, NotFoundException, RouteLayout, type Endpoint, type LaidOutRoute } from 'tenon'

import { compareVersions, kindOf, normalized } from './api-version.ts'
import { versionReader, type VersionReader } from './read-version.ts'
import { answering, rangesOf, supportedVersions } from './version-plan.ts'
import { VersioningConfig } from './versioning-config.ts'
import { VersionDefaultUnknown, VersionMissing, VersionUnsupported } from './versioning-errors.ts'

/** One method and path with everything that is declared for it. */
interface RouteGroup {
  readonly neutral: Endpoint | undefined
  readonly versioned: readonly Endpoint[]
}

/** The endpoints of one route by version, oldest first. */
type VersionTable = ReadonlyMap<string, Endpoint>

@Injectable()
export class VersionLayout extends RouteLayout {
  readonly #config: VersioningConfig
  readonly #reader: VersionReader
  readonly #newest = new Map<Endpoint, string>()

  constructor(config: VersioningConfig) {
    super()
    this.#config = config
    this.#reader = versionReader(config)
  }

  /** The newest version that the handler of a laid out endpoint answers: the one it is written for. */
  newestOf(endpoint: Endpoint): string | undefined {
    return this.#newest.get(endpoint)
  }

  /** @throws `VERSIONING_DEFAULT_UNKNOWN` */
  layOut(endpoints: readonly Endpoint[]): readonly LaidOutRoute[] {
    const supported = supportedVersions(endpoints)
    const byDefault = this.#defaultOf(supported)
    const groups = Map.groupBy(endpoints, ({ route }) => `${route?.method} ${shapeOf(route?.path ?? '')}`)
    const routes = [...groups.values()].flatMap((group) => this.#layOutGroup(group, supported, byDefault))
    return [...routes, ...this.#unknownVersions(endpoints, supported)]
  }

  /**
   * `/v9/tickets`: told which versions there are. Not where the application has paths that begin with a parameter, for
   * which it would stand in.
   */
  #unknownVersions(endpoints: readonly Endpoint[], supported: readonly string[]): readonly LaidOutRoute[] {
    const { from, prefix } = this.#config
    const beginsOpen = endpoints.some(({ route }) => /^\/[:*]/.test(route?.path ?? ''))
    if (from !== 'path' || prefix === '' || beginsOpen) return []
    const versioned = endpoints.filter((endpoint) => rangesOf(endpoint).length > 0)
    const paths = Map.groupBy(versioned, ({ route }) => `${route?.method} ${shapeOf(route?.path ?? '')}`)
    return [...paths.values()].map(([first]) => {
      const { method, path } = first!.route!
      return {
        method,
        path: `/${prefix}:version${path === '/' ? '' : path}`,
        endpoints: [],
        choose: ({ url = '' }: IncomingMessage) => {
          const asked = url.slice(1 + prefix.length).split(/[/?]/, 1)[0] ?? ''
          return normalized(asked) === undefined ? new NotFoundException() : new VersionUnsupported(asked, supported)
        },
      }
    })
  }

  #defaultOf(supported: readonly string[]): string | undefined {
    const { defaultVersion } = this.#config
    if (defaultVersion === undefined) return undefined
    const version = normalized(defaultVersion)
    if (version === undefined || !supported.includes(version))
      throw new VersionDefaultUnknown(defaultVersion, supported)
    return version
  }

  #layOutGroup(
    endpoints: readonly Endpoint[],
    supported: readonly string[],
    byDefault: string | undefined,
  ): readonly LaidOutRoute[] {
    const versioned = endpoints.filter((endpoint) => rangesOf(endpoint).length > 0)
    const group = { versioned, neutral: endpoints.find((endpoint) => !versioned.includes(endpoint)) }
    if (versioned.length === 0) return endpoints.flatMap(asDeclared)
    return this.#config.from === 'path'
      ? this.#inPaths(group, supported, byDefault)
      : [this.#byRequest(group, supported, byDefault)]
  }

  /** `/v1/tickets`, `/v2/tickets`; the path without a version answers the default one, or says that one is missing. */
  #inPaths(
    { versioned, neutral }: RouteGroup,
    supported: readonly string[],
    byDefault: string | undefined,
  ): readonly LaidOutRoute[] {
    const { method, path } = versioned[0]!.route!
    const routes = supported.flatMap((version): readonly LaidOutRoute[] => {
      const endpoint = answering(version, versioned)
      if (!endpoint) return []
      const own = endpoint.route!
      const route = { ...own, path: `/${this.#segment(version)}${own.path === '/' ? '' : own.path}` }
      return [{ ...route, endpoints: [this.#variant(endpoint, { route, version }, versioned, supported)] }]
    })
    const fallback = neutral ?? (byDefault === undefined ? undefined : answering(byDefault, versioned))
    if (!fallback) {
      const missing = new VersionMissing(this.#reader.how, supported)
      return [...routes, { method, path, endpoints: [], choose: () => missing }]
    }
    const changes = { route: fallback.route, version: byDefault }
    const variant = neutral ?? this.#variant(fallback, changes, versioned, supported)
    return [...routes, { ...variant.route!, endpoints: [variant] }]
  }

  #variant(
    endpoint: Endpoint,
    changes: Parameters<Endpoint['with']>[0],
    versioned: readonly Endpoint[],
    supported: readonly string[],
  ): Endpoint {
    const variant = endpoint.with(changes)
    const newest = supported.findLast((version) => answering(version, versioned) === endpoint)
    if (newest !== undefined) this.#newest.set(variant, newest)
    return variant
  }

  #segment(version: string): string {
    return kindOf(version) === 'day' ? version : `${this.#config.prefix}${version}`
  }

  #byRequest(
    { versioned, neutral }: RouteGroup,
    supported: readonly string[],
    byDefault: string | undefined,
  ): LaidOutRoute {
    const { method, path } = versioned[0]!.route!
    const table: VersionTable = new Map(
      supported.flatMap((version) => {
        const endpoint = answering(version, versioned)
        if (!endpoint) return []
        return [[version, this.#variant(endpoint, { route: endpoint.route, version }, versioned, supported)] as const]
      }),
    )
    const unnamed = neutral ?? (byDefault === undefined ? undefined : table.get(byDefault))
    const { read, how } = this.#reader
    const versions = [...table.keys()]
    return {
      method,
      path,
      endpoints: [...table.values(), ...(neutral ? [neutral] : [])],
      choose: (request: IncomingMessage): Endpoint | Error => {
        const asked = read(request)
        if (asked === undefined) return unnamed ?? new VersionMissing(how, versions)
        return (
          table.get(asked) ?? lookUp(asked, table) ?? neutral ?? new VersionUnsupported(asked.slice(0, 40), versions)
        )
      },
    }
  }
}

/** Spellings that are not the usual one, and days between two versions. */
function lookUp(asked: string, table: VersionTable): Endpoint | undefined {
  const version = normalized(asked)
  if (version === undefined) return undefined
  if (kindOf(version) !== 'day') return table.get(version)
  const latest = [...table.keys()].findLast((each) => kindOf(each) === 'day' && compareVersions(each, version) <= 0)
  return latest === undefined ? undefined : table.get(latest)
}

function asDeclared(endpoint: Endpoint): readonly LaidOutRoute[] {
  return endpoint.route ? [{ ...endpoint.route, endpoints: [endpoint] }] : []
}

/** Names of parameters do not tell paths apart. */
function shapeOf(path: string): string {
  return path.replaceAll(/:[^/.-]+/g, ':')
}
