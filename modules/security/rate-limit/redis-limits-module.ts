/** Rate limits that all processes with the same Redis count together. */
import { Module } from 'tenon/decorators'
import { RedisModule } from 'tenon/redis'

import { RateLimitStore } from './rate-limit-store.ts'
import { RedisStore } from './redis-store.ts'

@Module({ imports: [RedisModule], providers: [{ provide: RateLimitStore, useClass: RedisStore }] })
export class RedisLimitsModule {}
