/** An application that says what happens to it; the environment says how it behaves. */
import { Controller, createApp, Get, HealthCheck, Module, OnDrain, OnShutdown } from 'tenon'

const say = (what: string): void => void process.stdout.write(`${what}\n`)

const drained = Promise.withResolvers<void>()
const released = Promise.withResolvers<void>()
if (process.env['HOLD_DRAIN'] === undefined) released.resolve()

@Controller('/')
class SlowController {
  @Get('/until-drained')
  async untilDrained(): Promise<string> {
    say('in flight')
    await drained.promise
    return 'answered'
  }

  @Get('/never')
  never(): Promise<never> {
    say('in flight')
    return new Promise(() => undefined)
  }

  @Get('/reject')
  reject(): string {
    void Promise.reject(new Error('lost and forgotten'))
    return 'answered'
  }

  @Get('/throw')
  throw(): string {
    setImmediate(() => {
      throw new Error('out of nowhere')
    })
    return 'answered'
  }

  @HealthCheck('itself', { kind: 'liveness' })
  isWell(): void {}

  @Get('/release')
  release(): string {
    released.resolve()
    return 'released'
  }

  @OnDrain()
  async drain(): Promise<void> {
    say('draining')
    await released.promise
    drained.resolve()
  }

  @OnShutdown()
  shutdown(): void {
    say('shut down')
  }
}

@Module({ controllers: [SlowController] })
class SlowModule {}

const app = await createApp(SlowModule)
await app.listen()
