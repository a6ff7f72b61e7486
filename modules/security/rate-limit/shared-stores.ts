/** The stores that processes share, loaded only where they are asked for. */
import { lazy, type LazyModule } from 'tenon/decorators'

/**
 * Counts limits in Redis, whatever the environment says.
 * @example `@Module({ imports: [SecurityModule, redisRateLimits] })`
 */
export const redisRateLimits: LazyModule = lazy(() => import('./redis-limits-module.ts'))

/** Counts limits in the application's database, whatever the environment says. */
export const sqlRateLimits: LazyModule = lazy(() => import('./sql-limits-module.ts'))
