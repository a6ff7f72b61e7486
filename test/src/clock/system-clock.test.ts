import { Clock, Module } from 'tenon'
import { testApp } from 'tenon/testing'

@Module()
class EmptyModule {}

describe("An application's clock", () => {
  it('tells the time of the machine', async () => {
    await using app = await testApp(EmptyModule).boot()
    const before = Date.now()
    const now = app.get(Clock).now().getTime()

    expect(now).toBeGreaterThanOrEqual(before)
    expect(now).toBeLessThanOrEqual(Date.now())
  })

  it('sleeps as long as it was told', async () => {
    await using app = await testApp(EmptyModule).boot()
    const before = performance.now()

    await app.get(Clock).sleep(20)

    // Timers may ring up to a millisecond early.
    expect(performance.now() - before).toBeGreaterThan(18)
  })

  it("stops sleeping with the signal's own reason", async () => {
    await using app = await testApp(EmptyModule).boot()
    const clock = app.get(Clock)
    const controller = new AbortController()
    const reason = new RangeError('enough')

    const sleeping = clock.sleep(60_000, controller.signal)
    controller.abort(reason)

    await expect(sleeping).rejects.toBe(reason)
    await expect(clock.sleep(60_000, AbortSignal.abort(reason))).rejects.toBe(reason)
    await expect(clock.sleep(1, new AbortController().signal)).resolves.toBeUndefined()
  })
})
