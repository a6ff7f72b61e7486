/** `tenon/redis`: the application's connection to Redis, for sessions, limits, caches and your own use. */
export { RedisConfig } from './redis-config.ts'
export { RedisClosed, RedisPackageMissing, RedisUnreachable, RedisUrlUnreadable } from './redis-errors.ts'
export { RedisModule } from './redis-module.ts'
export { Redis, type RedisArgument, type RedisScript, type Unsubscribe } from './redis.ts'
