import {
  Command,
  Controller,
  defineError,
  Get,
  Injectable,
  Interceptor,
  Module,
  Returns,
  type Contribution,
  type EndpointInterceptor,
} from 'tenon'
import { testApp } from 'tenon/testing'
import { Expose } from 'tenon/validation'

class Coin {
  readonly value = 1
}

class CoinView {
  @Expose() readonly value!: number
}

@Interceptor()
class Doubling implements EndpointInterceptor {
  forEndpoint(): Contribution {
    return { result: (result) => (result instanceof Coin ? { value: result.value * 2, kept: true } : result) }
  }
}

@Interceptor({ order: 1 })
class Waiting implements EndpointInterceptor {
  forEndpoint(): Contribution {
    return { result: (result) => Promise.resolve(result) }
  }
}

const Broke = defineError({
  code: 'TEST_BROKE',
  status: 402,
  message: (missing: number) => `${missing} is missing.`,
  help: 'Pay.',
  extensions: (missing) => ({ missing }),
})

@Controller('/coins')
class CoinsController {
  @Get()
  @Returns(CoinView)
  one(): Coin {
    return new Coin()
  }

  @Get('/late')
  async late(): Promise<Coin> {
    return new Coin()
  }

  @Get('/none')
  none(): never {
    throw new Broke(3)
  }
}

@Injectable()
class CoinCommands {
  @Command('coins:one', { description: 'One' })
  one(): Coin {
    return new Coin()
  }
}

@Module({ controllers: [CoinsController], providers: [CoinCommands], interceptors: [Doubling, Waiting] })
class CoinsModule {}

describe('A result step', () => {
  it("changes the handler's own object, before it is reduced to its model, on every transport", async () => {
    await using app = await testApp(CoinsModule).boot()

    expect(await (await app.request('/coins')).json()).toEqual({ value: 2 })
    expect(await (await app.request('/coins/late')).json()).toEqual({ value: 2, kept: true })
    expect(await app.application.run('coins:one')).toMatchObject({ data: { value: 2 } })
  })
})

describe('The extensions of a defined error', () => {
  it('are members of the problem', async () => {
    await using app = await testApp(CoinsModule).boot()

    expect(await (await app.request('/coins/none')).json()).toMatchObject({ code: 'TEST_BROKE', missing: 3 })
  })
})
