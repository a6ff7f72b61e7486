/** `@Upgrade`: how callers of an older version reach handlers that know only the newer one. */
import { annotate } from '../annotate.ts'
import { INJECTABLE } from '../core/injectable.ts'
import { MetadataKey, type Class, type MemberName } from '../metadata.ts'

/** A controller, or one of its methods. */
export type UpgradeTarget = Class | readonly [controller: Class, method: MemberName]

export interface UpgradeFact {
  readonly from: string
  readonly to: string
  readonly targets: readonly UpgradeTarget[]
}

export const UPGRADE = new MetadataKey<UpgradeFact>('versioning.upgrade')

/**
 * The class turns requests of version `from` into those of `to`, and answers of `to` into those of `from`: pure
 * functions of what they are given, see `VersionUpgrade`. Listed among the providers of a module.
 * @example `@Upgrade('1', '2', TicketsController) class TicketsOfVersion1 implements VersionUpgrade { … }`
 */
export function Upgrade(from: string, to: string, ...targets: readonly UpgradeTarget[]): ClassDecorator {
  const upgrade = annotate(UPGRADE, { from, to, targets })
  const injectable = annotate(INJECTABLE, { scope: 'singleton', stereotype: 'injectable' })
  return (target) => {
    upgrade(target)
    injectable(target)
  }
}
