/** Redis: one connection for the application, opened by the first who uses it. */
import { configure, type SettingsOf } from 'tenon'
import { Module, type ConfiguredModule } from 'tenon/decorators'

import { RedisConfig } from './redis-config.ts'
import { Redis } from './redis.ts'

@Module({ providers: [Redis] })
export class RedisModule {
  /** @example `RedisModule.with({ keyPrefix: 'shop:' })` */
  static with(settings: SettingsOf<RedisConfig>): ConfiguredModule {
    return configure(RedisModule, RedisConfig, settings)
  }
}
