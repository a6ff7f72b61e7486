/** Allowances in Redis: one script on the server, by the server's clock. */
import { Injectable } from 'tenon/decorators'
import { Redis, type RedisScript } from 'tenon/redis'

import type { Rate, Verdict } from './gcra.ts'
import type { RateLimitStore } from './rate-limit-store.ts'

/** The same step as gcra.ts. What is full again is forgotten by itself. */
const STEP = `
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local taken, burst = tonumber(ARGV[1]), tonumber(ARGV[2])
local full = tonumber(redis.call('GET', KEYS[1]) or '0')
if full < now then full = now end
local untilFull = full + taken - now
if untilFull > burst then return burst - untilFull end
redis.call('SET', KEYS[1], string.format('%.0f', now + untilFull), 'PX', math.ceil(untilFull / 1000) + 1)
return untilFull
`

@Injectable()
export class RedisStore implements RateLimitStore {
  readonly name = 'Redis'
  readonly #redis: Redis
  readonly #step: RedisScript

  constructor(redis: Redis) {
    this.#redis = redis
    this.#step = redis.script(STEP)
  }

  async take(key: string, { intervalUs, burstUs }: Rate, cost: number): Promise<Verdict> {
    return Number(await this.#step([this.#redis.key('limit', key)], [cost * intervalUs, burstUs]))
  }
}
