/** Every store takes the same steps: allowance, waiting time, and nothing lost between calls at the same moment. */
import { DataModule, Migrations } from 'tenon/data'
import { RateLimitStore, redisRateLimits, SecurityModule, sqlRateLimits, type Rate } from 'tenon/security'
import { RedisModule } from 'tenon/redis'
import { FakeClock, testApp } from 'tenon/testing'

import { rateOf } from '../../../../modules/security/rate-limit/gcra.ts'
import { MemoryStore } from '../../../../modules/security/rate-limit/memory-store.ts'
import { onEveryDatabase } from '../../data/on-every-database.ts'
import { describeWithRedis, RedisServer } from '../../redis/redis-server.ts'

const RATE: Rate = rateOf(5, 3_600_000)

/** What a store answers to a few calls, in whole minutes: an interval is twelve of them. */
async function stepsOf(store: RateLimitStore): Promise<object> {
  const take = async (key: string, cost: number): Promise<number> =>
    Math.round((await store.take(key, RATE, cost)) / 60e6)
  const inTurn: number[] = []
  for (const cost of [1, 1, 1, 1, 1, 1, 1, 0]) inTurn.push(await take('ada', cost))
  const costly: number[] = []
  for (const cost of [4, 2, 1]) costly.push(await take('bob', cost))
  const atOnce = await Promise.all(Array.from({ length: 40 }, async () => store.take('many', RATE, 1)))
  return { inTurn, costly, allowedOfForty: atOnce.filter((verdict) => verdict >= 0).length }
}

/** A refused call takes nothing, whether it is one too many or costs too much. */
const STEPS = { inTurn: [12, 24, 36, 48, 60, -12, -12, 60], costly: [48, -12, 60], allowedOfForty: 5 }

describe('Allowances in memory', () => {
  it('take the steps', async () => {
    expect(await stepsOf(new MemoryStore(new FakeClock(), 1000))).toEqual(STEPS)
  })

  it('are never more than so many, and forget who has not called for the longest time', () => {
    const store = new MemoryStore(new FakeClock(), 100)
    for (let call = 0; call < 5; call += 1) void store.take('regular', RATE, 1)

    for (let stranger = 0; stranger < 10_000; stranger += 1) {
      void store.take(`stranger-${stranger}`, RATE, 1)
      if (stranger % 40 === 0) expect(store.take('regular', RATE, 0)).toBeGreaterThan(0)
      expect(store.size).toBeLessThanOrEqual(100)
    }

    expect(store.take('regular', RATE, 1)).toBeLessThan(0)
  })
})

describeWithRedis('Allowances in Redis', () => {
  it('take the steps, and are forgotten when they are full', async () => {
    await using server = await RedisServer.start()
    await using app = await testApp(SecurityModule, RedisModule, redisRateLimits).env({ REDIS_URL: server.url }).boot()

    expect(await stepsOf(app.get(RateLimitStore))).toEqual(STEPS)
  })
})

onEveryDatabase('Allowances', (database) => {
  it('take the steps, in a table that migrations have made as the entity says', async () => {
    const { url, ...created } = await database.create()
    await using _created = { [Symbol.asyncDispose]: created[Symbol.asyncDispose] }
    await using app = await testApp(SecurityModule, DataModule, sqlRateLimits).env({ DATABASE_URL: url }).boot()

    expect(await stepsOf(app.get(RateLimitStore))).toEqual(STEPS)

    expect(await app.get(Migrations).drift()).toEqual({ losses: [], statements: [] })
  })
})
