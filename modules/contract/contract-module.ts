/** The contract with callers: written down, compared, tried out. */
import { configure, type SettingsOf } from 'tenon'
import { Module, type ConfiguredModule } from 'tenon/decorators'
import { ApiChangelog, OpenApiModule } from 'tenon/openapi'

import { ContractChangelog } from './contract-changelog.ts'
import { ContractCommands } from './contract-commands.ts'
import { ContractConfig } from './contract-config.ts'
import { ContractGuard } from './contract-guard.ts'
import { FuzzCommand } from './fuzz-command.ts'

@Module({
  imports: [OpenApiModule],
  providers: [ContractGuard, ContractCommands, FuzzCommand, { provide: ApiChangelog, useClass: ContractChangelog }],
})
export class ContractModule {
  /** @example `ContractModule.with({ folder: 'api-contract' })` */
  static with(settings: SettingsOf<ContractConfig>): ConfiguredModule {
    return configure(ContractModule, ContractConfig, settings)
  }
}
