/** API keys for programs: prefixed, checksummed, scoped, hashed at rest. */
import { configure, type SettingsOf } from 'tenon'
import { DataModule } from 'tenon/data'
import { Module, type ConfiguredModule } from 'tenon/decorators'

import { AuthModule } from '../auth-module.ts'
import { AuthenticationScheme } from '../authentication-scheme.ts'
import { RevocationsModule } from '../revocations/revocations-module.ts'
import { ApiKeyRows } from './api-key-rows.ts'
import { ApiKeyScheme } from './api-key-scheme.ts'
import { ApiKeyUsage } from './api-key-usage.ts'
import { ApiKey } from './api-key.ts'
import { ApiKeysConfig } from './api-keys-config.ts'
import { ApiKeys } from './api-keys.ts'
import { CreateAuthApiKeys1783900800004 } from './create-api-keys.ts'

@Module({
  imports: [AuthModule, DataModule, RevocationsModule],
  providers: [ApiKeys, ApiKeyRows, ApiKeyUsage, { provide: AuthenticationScheme, useClass: ApiKeyScheme }],
  internal: [ApiKeyRows, ApiKeyUsage],
  entities: [ApiKey],
  migrations: [CreateAuthApiKeys1783900800004],
})
export class ApiKeysModule {
  /** @example `ApiKeysModule.with({ prefix: 'acme' })` */
  static with(settings: SettingsOf<ApiKeysConfig>): ConfiguredModule {
    return configure(ApiKeysModule, ApiKeysConfig, settings)
  }
}
