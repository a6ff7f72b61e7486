/** The changelog of exported pages: what has changed since the contracts were written, and from version to version. */
import { Injectable } from 'tenon'
import { ApiChangelog, type ChangelogChapter } from 'tenon/openapi'

import { ContractConfig } from './contract-config.ts'
import { ContractGuard } from './contract-guard.ts'
import { printSeverities } from './print-changes.ts'
import { hasContracts } from './snapshot/contract-files.ts'

@Injectable()
export class ContractChangelog extends ApiChangelog {
  readonly #guard: ContractGuard
  readonly #config: ContractConfig

  constructor(guard: ContractGuard, config: ContractConfig) {
    super()
    this.#guard = guard
    this.#config = config
  }

  /** @throws `CONTRACT_MISSING` where `against` has none, `CONTRACT_UNREADABLE` */
  override async chapters(against?: string): Promise<readonly ChangelogChapter[]> {
    return [...(await this.#sinceWritten(against)), ...(await this.#betweenVersions())]
  }

  async #sinceWritten(against: string | undefined): Promise<readonly ChangelogChapter[]> {
    const folder = against ?? this.#config.folder
    if (against === undefined && !(await hasContracts(folder))) return []
    const byVersion = Map.groupBy(await this.#guard.changes(folder), ({ version }) => version)
    return [...byVersion].map(([version, changes]) => ({
      version,
      title: version === undefined ? 'Since the last contract' : `Version ${version}, since the last contract`,
      text: printSeverities(changes),
    }))
  }

  async #betweenVersions(): Promise<readonly ChangelogChapter[]> {
    const steps = await this.#guard.changesBetweenVersions()
    return steps.toReversed().map(({ from, to, changes }) => ({
      version: to,
      title: `Version ${to}, after version ${from}`,
      text: printSeverities(changes),
    }))
  }
}
