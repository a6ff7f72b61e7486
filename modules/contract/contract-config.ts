/** Where contracts are kept, and what waivers are signed with. */
import { Config, Env } from 'tenon/decorators'

@Config('contract')
export class ContractConfig {
  /** The folder of the contracts, in the repository. */
  @Env('CONTRACT_FOLDER', { default: 'contract', description: 'Folder of the contracts' })
  readonly folder!: string

  /** Signs waivers, and verifies them where the contract is checked. At least 16 characters. */
  @Env('CONTRACT_KEY', { optional: true, secret: true, description: 'Signs waivers of breaking changes' })
  readonly key?: string
}
