/** From the version a caller asks for to the one a handler knows, step by step. */
import type { Endpoint, ModuleGraph } from 'tenon'
import { UPGRADE, type Class, type UpgradeFact } from 'tenon/decorators'

import { compareVersions, normalized } from './api-version.ts'
import type { VersionUpgrade } from './version-upgrade.ts'

/** An upgrade with its versions in their one spelling. */
export interface DeclaredUpgrade extends UpgradeFact {
  readonly type: Class
}

/** The classes with `@Upgrade` among the providers of the application. */
export function declaredUpgrades(graph: ModuleGraph): readonly DeclaredUpgrade[] {
  return graph.providers.flatMap(({ implementation }) => {
    const fact = implementation && UPGRADE.read(implementation)
    if (!fact) return []
    const { from, to, targets } = fact
    return [{ type: implementation, targets, from: normalized(from) ?? from, to: normalized(to) ?? to }]
  })
}

/**
 * The changes between two versions of an endpoint, oldest first; empty where nothing has changed in between.
 * @param known - The newest version its handler answers, whose shape it is written for.
 */
export function upgradeChain(
  endpoint: Endpoint,
  asked: string,
  known: string,
  upgrades: readonly DeclaredUpgrade[],
): readonly VersionUpgrade[] {
  return upgrades
    .filter(({ to }) => compareVersions(asked, to) < 0 && compareVersions(to, known) <= 0)
    .filter(({ targets }) => targets.some((target) => isTarget(target, endpoint)))
    .toSorted((a, b) => compareVersions(a.to, b.to))
    .map(({ type }) => new type() as VersionUpgrade)
}

/** Whether an endpoint is what an upgrade names. */
export function isTarget(target: UpgradeFact['targets'][number], { type, method }: Endpoint): boolean {
  return typeof target === 'function' ? target === type : target[0] === type && target[1] === method
}
