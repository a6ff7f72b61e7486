/** Further databases: what may be set for each, and how their names are found in settings and variables. */
import { nearestName } from 'tenon'
import type { AbstractClass, Class } from 'tenon/decorators'

import { DatabaseConfig } from '../database-config.ts'
import { SourceUnknown, SourceWithoutUrl } from './source-errors.ts'
import type { Migration } from '../migration.ts'

/** What the application's own database is called where it has to have a name. */
export const DEFAULT_SOURCE = 'default'

/** What is left out is as for the application's own database; `url` may stand in `DATABASE_URL_<NAME>` instead. */
export interface SourceSettings {
  readonly url?: string
  /** Whether the application is not ready while this source is not. Default: `true`. */
  readonly critical?: boolean
  readonly log?: boolean
  readonly migrate?: boolean
  readonly contract?: boolean
  readonly poolSize?: number
  readonly poolWaitMs?: number
  readonly heldWarningMs?: number
  /** `DATABASE_MIGRATIONS_<NAME>`. */
  readonly migrationsFolder?: string
  readonly migrations?: readonly Class<Migration>[]
  /** Entities besides those that say `@DataSource`, or whose repositories do. */
  readonly entities?: readonly AbstractClass[]
  /** `DATABASE_REPLICA_URLS_<NAME>`, separated by commas. */
  readonly replicaUrls?: readonly string[]
  readonly replicaMaxLagMs?: number
  readonly replicaStickyMs?: number
  readonly replicaLagSql?: string
  readonly synchronize?: boolean
}

/** `crm-archive` is `DATABASE_URL_CRM_ARCHIVE`. */
export function variableOf(variable: string, source: string): string {
  return source === DEFAULT_SOURCE ? variable : `${variable}_${suffixOf(source)}`
}

function suffixOf(source: string): string {
  return source.replaceAll(/[^A-Za-z0-9]/g, '_').toUpperCase()
}

/** The names of all further sources, those given in code first; `default` is taken. */
export function sourceNames(sources: DatabaseConfig['sources'], urls: DatabaseConfig['urls'] = {}): readonly string[] {
  const named = Object.keys(sources).filter((name) => name !== DEFAULT_SOURCE)
  const suffixes = new Set([DEFAULT_SOURCE, ...named].map(suffixOf))
  const byVariable = Object.keys(urls).filter((suffix) => !suffixes.has(suffix))
  return [...named, ...byVariable.map((suffix) => suffix.toLowerCase().replaceAll('_', '-'))]
}

/**
 * The settings of one further source, completed by those of the default one.
 * @throws `DATA_SOURCE_URL_MISSING`
 */
export function configOf(config: DatabaseConfig, name: string): DatabaseConfig {
  const suffix = suffixOf(name)
  const given = config.sources[name] ?? {}
  const url = given.url ?? config.urls?.[suffix]
  if (url === undefined) throw new SourceWithoutUrl(name, variableOf('DATABASE_URL', name))
  const { log, migrate, contract, poolSize, poolWaitMs, heldWarningMs, repeatedReads, cursorSecret } = config
  const { replicaMaxLagMs, replicaStickyMs } = config
  const migrationsFolder = config.migrationFolders?.[suffix]
  const replicaUrls = config.replicaUrlLists?.[suffix]?.split(',').map((each) => each.trim())
  return Object.assign(
    new DatabaseConfig(),
    { log, migrate, contract, poolSize, poolWaitMs, heldWarningMs, repeatedReads, cursorSecret },
    { replicaMaxLagMs, replicaStickyMs, migrationsFolder, replicaUrls },
    given,
    { url, sources: {}, urls: {} },
  )
}

/** @throws `DATA_SOURCE_UNKNOWN` with the name that was meant, as far as it can be guessed. */
export function unknownSource(name: string, names: readonly string[]): Error {
  return new SourceUnknown(name, nearestName(name, names), names)
}
