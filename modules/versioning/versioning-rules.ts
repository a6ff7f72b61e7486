/** What is wrong with versions is found before the first request. */
import { describeEndpoint, type CheckRule, type Diagnostic, type Endpoint, type ModuleGraph } from 'tenon'
import { DEPRECATED, UPGRADE, VERSION_NEUTRAL, type UpgradeFact } from 'tenon/decorators'

import { compareVersions, kindOf, normalized, rangeOf } from './api-version.ts'
import { isTarget } from './upgrade-chain.ts'
import { rangesOf } from './version-plan.ts'
import {
  DeprecationInvalid,
  SunsetPassed,
  UpgradeUnusable,
  VersionInvalid,
  VersionKindsMixed,
  VersionTaken,
} from './versioning-errors.ts'

export const versionsAreReadable: CheckRule = ({ graph }) => {
  const routed = graph.endpoints.filter(({ route }) => route)
  const invalid = routed.flatMap((endpoint) =>
    endpoint.declaredVersions
      .filter((text) => text !== VERSION_NEUTRAL && rangeOf(text) === undefined)
      .map((text) => VersionInvalid({ at: endpoint.at }, endpoint.name, text)),
  )
  const first = routed.flatMap(rangesOf)[0]?.start
  if (first === undefined) return invalid
  const mixed = routed.flatMap((endpoint) => {
    const other = rangesOf(endpoint).find(({ start }) => kindOf(start) !== kindOf(first))
    return other ? [VersionKindsMixed({ at: endpoint.at }, endpoint.name, other.start, first)] : []
  })
  return [...invalid, ...mixed]
}

/** Two endpoints of one method and path may follow each other, and not begin together. */
export const versionsAreAnsweredOnce: CheckRule = ({ graph }) => {
  const groups = Map.groupBy(
    graph.endpoints.filter(({ route }) => route),
    ({ route }) => `${route!.method} ${route!.path.replaceAll(/:[^/.-]+/g, ':')}`,
  )
  return [...groups.values()].flatMap((group) => {
    const taken = new Map<string, Endpoint>()
    return group.flatMap((endpoint) =>
      rangesOf(endpoint).flatMap(({ start }): readonly Diagnostic[] => {
        const first = taken.get(start)
        if (!first) taken.set(start, endpoint)
        if (!first || first === endpoint) return []
        return [VersionTaken({ at: endpoint.at }, describeEndpoint(endpoint), start, first.name, endpoint.name)]
      }),
    )
  })
}

export const deprecationsHold: CheckRule = ({ graph }) =>
  graph.endpoints.flatMap((endpoint) => {
    const fact = endpoint.read(DEPRECATED)
    if (!fact) return []
    const { since, sunset, versions = [] } = fact
    const unknown = versions.filter((version) => normalized(version) === undefined)
    if (unknown.length > 0) return unknown.map((each) => VersionInvalid({ at: endpoint.at }, endpoint.name, each))
    const unreadable = Object.entries({ since, sunset }).filter(
      ([, value]) => value !== undefined && Number.isNaN(Date.parse(value)),
    )
    if (unreadable.length > 0) {
      return unreadable.map(([field, value]) =>
        DeprecationInvalid({ at: endpoint.at }, endpoint.name, field, String(value)),
      )
    }
    const isOver = sunset !== undefined && Date.parse(sunset) <= Date.now()
    return isOver ? [SunsetPassed({ at: endpoint.at }, describeEndpoint(endpoint), sunset)] : []
  })

export const upgradesLeadUp: CheckRule = ({ graph }) => {
  const before: { readonly name: string; readonly fact: UpgradeFact }[] = []
  return graph.providers.flatMap(({ implementation, dependencies, at, name }) => {
    const fact = implementation && UPGRADE.read(implementation)
    if (!fact) return []
    const twin = before.find((each) => overlap(each.fact, fact, graph))
    before.push({ name, fact })
    const reason =
      dependencies.length > 0
        ? 'it has something injected'
        : (problemOf(fact, graph) ?? (twin && `${twin.name} leads over the same versions of the same endpoint`))
    return reason === undefined ? [] : [UpgradeUnusable({ at }, name, reason)]
  })
}

/** Whether a call would pass through both though one of them is enough. */
function overlap(a: UpgradeFact, b: UpgradeFact, { endpoints }: ModuleGraph): boolean {
  const [aFrom, aTo, bFrom, bTo] = [a.from, a.to, b.from, b.to].map(normalized)
  if (aFrom === undefined || aTo === undefined || bFrom === undefined || bTo === undefined) return false
  if (compareVersions(aFrom, bTo) >= 0 || compareVersions(bFrom, aTo) >= 0) return false
  const isMeant = ({ targets }: UpgradeFact, endpoint: Endpoint): boolean =>
    targets.some((target) => isTarget(target, endpoint))
  return endpoints.some((endpoint) => isMeant(a, endpoint) && isMeant(b, endpoint))
}

function problemOf(
  { from, to, targets }: NonNullable<ReturnType<typeof UPGRADE.read>>,
  { endpoints }: ModuleGraph,
): string | undefined {
  const [older, newer] = [normalized(from), normalized(to)]
  if (older === undefined || newer === undefined) return `${from} or ${to} is no version`
  if (compareVersions(older, newer) >= 0) return `${to} is not later than ${from}`
  if (targets.length === 0) return 'it names no controller'
  const unknown = targets
    .map((target) =>
      typeof target === 'function' ? { type: target, method: undefined } : { type: target[0], method: target[1] },
    )
    .find(
      ({ type, method }) => !endpoints.some((each) => each.type === type && (method ?? each.method) === each.method),
    )
  return (
    unknown && `${unknown.type.name}${unknown.method === undefined ? '' : `.${String(unknown.method)}`} has no route`
  )
}
