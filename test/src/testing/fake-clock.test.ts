import fc from 'fast-check'
import { Clock, Injectable, Module } from 'tenon'
import { FakeClock, testApp } from 'tenon/testing'

describe('FakeClock', () => {
  it('stands still until it is moved', async () => {
    const clock = new FakeClock(new Date('2026-03-01T12:00:00Z'))

    await new Promise((resolve) => setTimeout(resolve, 2))
    expect(clock.now().toISOString()).toBe('2026-03-01T12:00:00.000Z')

    await clock.advance(1500)
    expect(clock.now().toISOString()).toBe('2026-03-01T12:00:01.500Z')
  })

  it('hands out dates that nobody can move it by', () => {
    const clock = new FakeClock(new Date(5))

    clock.now().setFullYear(1999)

    expect(clock.now().getTime()).toBe(5)
  })

  it('wakes sleepers at their time, in order, as a list of alarms would', async () => {
    const action = fc.oneof(
      fc.record({ sleep: fc.integer({ min: -5, max: 50 }) }),
      fc.record({ advance: fc.integer({ min: 0, max: 30 }) }),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(action, { maxLength: 25 }), async (actions) => {
        const clock = new FakeClock(new Date(0))
        const woken: [number, number][] = []
        let now = 0
        let alarms: { id: number; at: number }[] = []
        const expected: [number, number][] = []

        for (const [id, each] of actions.entries()) {
          if ('sleep' in each) {
            void clock.sleep(each.sleep).then(() => woken.push([id, clock.now().getTime()]))
            if (each.sleep <= 0) expected.push([id, now])
            else alarms.push({ id, at: now + each.sleep })
            await Promise.resolve()
          } else {
            await clock.advance(each.advance)
            now += each.advance
            const ringing = alarms.filter(({ at }) => at <= now).toSorted((a, b) => a.at - b.at)
            expected.push(...ringing.map(({ id: alarm, at }): [number, number] => [alarm, at]))
            alarms = alarms.filter(({ at }) => at > now)
          }
          expect(clock.now().getTime()).toBe(now)
        }
        await new Promise(setImmediate)

        expect(woken).toEqual(expected)
      }),
      { numRuns: 60 },
    )
  })

  it('wakes one who goes to sleep again as often as its time comes', async () => {
    const clock = new FakeClock(new Date(0))
    const ticks: number[] = []
    const ticking = (async () => {
      while (ticks.length < 4) {
        await clock.sleep(10)
        ticks.push(clock.now().getTime())
      }
    })()

    await clock.advance(35)
    expect(ticks).toEqual([10, 20, 30])

    await clock.advance(5)
    await ticking
    expect(ticks).toEqual([10, 20, 30, 40])
  })

  it('ends a sleep when its signal aborts, and leaves signals alone afterwards', async () => {
    const clock = new FakeClock()
    const controller = new AbortController()
    const sleeping = clock.sleep(10, controller.signal)

    controller.abort(new Error('enough'))
    await expect(sleeping).rejects.toThrow('enough')
    await expect(clock.sleep(10, controller.signal)).rejects.toThrow('enough')

    const kept = new AbortController()
    let listening = 0
    const { signal } = kept
    const { addEventListener, removeEventListener } = signal
    signal.addEventListener = (...args: Parameters<typeof addEventListener>) => {
      listening += 1
      addEventListener.apply(signal, args)
    }
    signal.removeEventListener = (...args: Parameters<typeof removeEventListener>) => {
      listening -= 1
      removeEventListener.apply(signal, args)
    }
    const woken = clock.sleep(10, signal)
    await clock.advance(10)
    await woken

    expect(listening).toBe(0)
  })

  it('is the clock of an application whose test stops the time', async () => {
    @Injectable()
    class Offers {
      constructor(readonly clock: Clock) {}

      isOver(): boolean {
        return this.clock.now() > new Date('2026-01-31')
      }
    }

    @Module({ providers: [Offers] })
    class OffersModule {}

    await using app = await testApp(OffersModule).clock('2026-01-30').boot()
    const clock = app.get(Clock) as FakeClock

    expect(app.get(Offers).isOver()).toBe(false)
    await clock.advance(2 * 24 * 3_600_000)
    expect(app.get(Offers).isOver()).toBe(true)

    await using other = await testApp(OffersModule).clock(clock).boot()
    expect(other.get(Clock)).toBe(clock)
  })
})
