import fc from 'fast-check'

import { gcra, rateOf, remainingAfter } from '../../../../modules/security/rate-limit/gcra.ts'

/**
 * The same rule told otherwise: a bucket of `limit` tokens that is refilled by one each interval, in exact fractions of
 * a token. What is in the bucket is kept in microseconds of refilling.
 */
class Bucket {
  #level: bigint
  #seenAt = 0n
  readonly #capacity: bigint
  readonly #interval: bigint

  constructor(limit: number, intervalUs: number) {
    this.#interval = BigInt(intervalUs)
    this.#capacity = BigInt(limit) * this.#interval
    this.#level = this.#capacity
  }

  take(nowUs: number, cost: number): { isAllowed: boolean; tokens: number; waitUs: bigint } {
    const now = BigInt(nowUs)
    const refilled = this.#level + (now - this.#seenAt)
    this.#level = refilled > this.#capacity ? this.#capacity : refilled
    this.#seenAt = now
    const wanted = BigInt(cost) * this.#interval
    const isAllowed = wanted <= this.#level
    if (isAllowed) this.#level -= wanted
    return { isAllowed, tokens: Number(this.#level / this.#interval), waitUs: isAllowed ? 0n : wanted - this.#level }
  }
}

const calls = fc.array(fc.record({ pauseUs: fc.nat(3_000_000), cost: fc.integer({ min: 0, max: 4 }) }), {
  maxLength: 60,
})

describe('GCRA', () => {
  it('decides every call as a bucket of tokens does, in every order of calls, pauses and costs', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 4, max: 50 }),
        fc.integer({ min: 1, max: 60_000 }),
        calls,
        (limit, windowMs, all) => {
          const rate = rateOf(limit, windowMs)
          const bucket = new Bucket(limit, rate.intervalUs)
          let now = 1_790_000_000_000_000
          let fullAt: number | undefined
          bucket.take(now, 0)
          for (const { pauseUs, cost } of all) {
            now += pauseUs
            const verdict = gcra(fullAt, now, rate, cost)
            if (verdict >= 0) fullAt = now + verdict
            const expected = bucket.take(now, cost)
            expect(verdict >= 0).toBe(expected.isAllowed)
            if (expected.isAllowed) expect(remainingAfter(verdict, rate)).toBe(expected.tokens)
            else expect(BigInt(-verdict)).toBe(expected.waitUs)
          }
        },
      ),
      { numRuns: process.env['FULL'] === '1' ? 100_000 : 500 },
    )
  })

  it('never lets more through in any window than twice the allowance less one, and the allowance at once', () => {
    const rate = rateOf(10, 1000)
    let fullAt: number | undefined
    const allowedAt: number[] = []
    for (let now = 0; now < 5_000_000; now += 1000) {
      const verdict = gcra(fullAt, now, rate, 1)
      if (verdict >= 0) {
        fullAt = now + verdict
        allowedAt.push(now)
      }
    }

    expect(allowedAt.filter((at) => at === 0 || at < 10_000)).toHaveLength(10)
    expect(allowedAt.filter((at) => at >= 1_000_000 && at < 2_000_000)).toHaveLength(10)
    expect(allowedAt).toHaveLength(10 + 49)
  })

  it('says when to come again, and lets through exactly then', () => {
    const rate = rateOf(3, 60_000)
    let fullAt = 0
    for (let call = 0; call < 3; call += 1) fullAt = gcra(fullAt, 0, rate, 1)

    const wait = -gcra(fullAt, 0, rate, 1)

    expect(wait).toBe(20_000_000)
    expect(gcra(fullAt, wait - 1, rate, 1)).toBeLessThan(0)
    expect(gcra(fullAt, wait, rate, 1)).toBeGreaterThanOrEqual(0)
  })

  it('refuses for good what costs more than the whole allowance', () => {
    expect(gcra(undefined, 0, rateOf(3, 1000), 4)).toBeLessThan(-1e12)
  })
})
