/** Sessions in Redis; loaded only where SESSION_STORE asks for it. */
import { RedisModule } from 'tenon/redis'
import { Module } from 'tenon/decorators'

import { SessionStore } from '../session-store.ts'
import { RedisSessionStore } from './redis-session-store.ts'

@Module({
  imports: [RedisModule],
  providers: [{ provide: SessionStore, useClass: RedisSessionStore }],
})
export class RedisSessionsModule {}
