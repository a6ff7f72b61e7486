/** Programs with accounts of their own, and the endpoint where they get tokens. */
import { DataModule } from 'tenon/data'
import { Module } from 'tenon/decorators'

import { TokensModule } from '../tokens/tokens-module.ts'
import { CreateAuthServiceAccounts1783900800005 } from './create-service-accounts.ts'
import { ServiceAccountCommands } from './service-account-commands.ts'
import { ServiceAccountRows } from './service-account-rows.ts'
import { ServiceAccount } from './service-account.ts'
import { ServiceAccounts } from './service-accounts.ts'
import { ServiceTokens } from './service-tokens.ts'

@Module({
  imports: [DataModule, TokensModule],
  providers: [ServiceAccounts, ServiceAccountRows, ServiceTokens, ServiceAccountCommands],
  internal: [ServiceAccountRows],
  entities: [ServiceAccount],
  migrations: [CreateAuthServiceAccounts1783900800005],
})
export class ServiceAccountsModule {}
