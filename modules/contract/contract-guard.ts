/** `ContractGuard`: the contract of the program that runs, and what has changed in it. */
import { Clock, EndpointChains, Injectable } from 'tenon'
import { OpenApi } from 'tenon/openapi'

import { ContractConfig } from './contract-config.ts'
import { ContractChangeUnknown, ContractKeyMissing } from './contract-errors.ts'
import type { Change } from './diff/change.ts'
import { compareContracts, versionChange, withoutVersion, type Places } from './diff/compare-contracts.ts'
import { Declarations } from './diff/find-declaration.ts'
import { judgeChanges, type JudgedChange } from './judge-changes.ts'
import type { Contract } from './snapshot/contract.ts'
import { readContracts, writeContracts } from './snapshot/contract-files.ts'
import { takeContract, type TakenContract } from './snapshot/take-contract.ts'
import { addWaiver, readWaivers } from './waivers/waiver-file.ts'
import { signWaiver, type Waiver } from './waivers/waiver.ts'

const SHORTEST_KEY = 16

/** From one version of the API to the next. */
export interface VersionStep {
  readonly from: string
  readonly to: string
  readonly changes: readonly Change[]
}

@Injectable()
export class ContractGuard {
  readonly #openApi: OpenApi
  readonly #chains: EndpointChains
  readonly #config: ContractConfig
  readonly #clock: Clock
  readonly #declarations = new Declarations(process.cwd())

  constructor(openApi: OpenApi, chains: EndpointChains, config: ContractConfig, clock: Clock) {
    this.#openApi = openApi
    this.#chains = chains
    this.#config = config
    this.#clock = clock
  }

  /** The contract of each version, oldest first. */
  async contracts(): Promise<readonly Contract[]> {
    return (await this.#take()).map(({ contract }) => contract)
  }

  /** Writes them, and answers the files. */
  async snapshot(folder: string = this.#config.folder): Promise<readonly string[]> {
    return writeContracts(folder, await this.contracts())
  }

  /**
   * What has changed since the contracts were written, the breaking first.
   * @param folder - Of the earlier contracts. Default: that of the settings.
   * @throws `CONTRACT_MISSING`, `CONTRACT_UNREADABLE`
   */
  async changes(folder: string = this.#config.folder): Promise<readonly JudgedChange[]> {
    const waivers = await readWaivers(this.#config.folder)
    return judgeChanges(await this.changesSince(await readContracts(folder)), waivers, this.#key(), this.#today())
  }

  async changesSince(earlier: readonly Contract[]): Promise<readonly Change[]> {
    const now = await this.#take()
    const known = new Map(earlier.map((contract) => [contract.version, contract]))
    const compared = now.flatMap(({ contract, places }) => {
      const before = known.get(contract.version)
      if (!before) return contract.version === undefined ? [] : [versionChange('version-added', contract.version)]
      return compareContracts(before, contract, this.#places(places))
    })
    const versions = new Set(now.map(({ contract }) => contract.version))
    const gone = earlier.flatMap(({ version }) => (version === undefined || versions.has(version) ? [] : [version]))
    return [...gone.map((version) => versionChange('version-removed', version)), ...compared]
  }

  /** What is different from version to version, oldest first. */
  async changesBetweenVersions(): Promise<readonly VersionStep[]> {
    const taken = await this.#take()
    return taken.slice(1).map(({ contract, places }, index) => {
      const { contract: before } = taken[index]!
      const changes = compareContracts(withoutVersion(before), withoutVersion(contract), this.#places(places))
      return { from: before.version!, to: contract.version!, changes }
    })
  }

  /**
   * Allows a breaking change for a while.
   * @throws `CONTRACT_KEY_MISSING`, `CONTRACT_CHANGE_UNKNOWN`, `CONTRACT_WAIVER_INVALID`
   */
  async waive(id: string, { reason, until, by }: Pick<Waiver, 'reason' | 'until' | 'by'>): Promise<Waiver> {
    const key = this.#key()
    if (key === undefined) throw new ContractKeyMissing()
    const change = (await this.changes()).find((each) => each.id === id && each.severity === 'breaking')
    if (!change) throw new ContractChangeUnknown(id)
    const text = `${change.operation ?? 'The API'}: ${change.text}`
    const waiver = signWaiver({ change: id, text, reason, by, since: this.#today(), until }, key)
    await addWaiver(this.#config.folder, waiver)
    return waiver
  }

  async #take(): Promise<readonly TakenContract[]> {
    const { versions } = this.#openApi
    const all = versions.length > 0 ? versions : [undefined]
    return Promise.all(all.map((version) => takeContract(this.#openApi, this.#chains, version)))
  }

  #places(operations: ReadonlyMap<string, string>): Places {
    return {
      ofOperation: (key) => operations.get(key),
      ofModel: (model, property, key) => this.#declarations.find(model, property, operations.get(key)),
    }
  }

  #key(): string | undefined {
    const { key } = this.#config
    return key !== undefined && key.length >= SHORTEST_KEY ? key : undefined
  }

  #today(): string {
    return this.#clock.now().toISOString().slice(0, 10)
  }
}
