/** Signing keys: own ones that rotate, or given ones, and where everybody finds the public half. */
import { configure, type SettingsOf } from 'tenon'
import { DataModule } from 'tenon/data'
import { Module, type ConfiguredModule } from 'tenon/decorators'

import { CreateAuthSigningKeys1783900800000 } from './create-signing-keys.ts'
import { KeyCommands } from './key-commands.ts'
import { KeySetController } from './key-set-controller.ts'
import { KeySet } from './key-set.ts'
import { KeySetsConfig } from './key-sets-config.ts'
import { StoredKey } from './stored-key.ts'
import { StoredKeys } from './stored-keys.ts'

@Module({
  imports: [DataModule],
  controllers: [KeySetController],
  providers: [KeySet, StoredKeys, KeyCommands],
  internal: [StoredKeys, KeyCommands],
  entities: [StoredKey],
  migrations: [CreateAuthSigningKeys1783900800000],
})
export class KeySetsModule {
  /** @example `KeySetsModule.with({ algorithm: 'ES256', keyDays: 7 })` */
  static with(settings: SettingsOf<KeySetsConfig>): ConfiguredModule {
    return configure(KeySetsModule, KeySetsConfig, settings)
  }
}
