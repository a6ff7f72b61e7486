/** `tenon/versioning`: versions of an API, told by path, header, media type or query. */
export {
  Deprecated,
  Upgrade,
  Version,
  VERSION_NEUTRAL,
  type DeprecationFact,
  type UpgradeTarget,
} from 'tenon/decorators'
export { DeprecatedCalls, type DeprecatedUse } from './deprecated-calls.ts'
export type { VersionUpgrade } from './version-upgrade.ts'
export { VersioningConfig } from './versioning-config.ts'
export { VersionDefaultUnknown, VersionMissing, VersionUnsupported } from './versioning-errors.ts'
export { VersioningModule } from './versioning-module.ts'
