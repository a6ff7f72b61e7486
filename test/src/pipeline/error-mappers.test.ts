import {
  Catch,
  ConflictException,
  Controller,
  Get,
  Injectable,
  Interceptor,
  Module,
  Param,
  Problem,
  Service,
  type CallContext,
  type Class,
  type Next,
} from 'tenon'
import { testApp, type TestApp } from 'tenon/testing'

class ShopError extends Error {}
class StockError extends ShopError {}
class SoldOut extends StockError {}
class Unmapped extends Error {}

const ERRORS: Readonly<Record<string, () => unknown>> = {
  shop: () => new ShopError('shop'),
  stock: () => new StockError('stock'),
  'sold-out': () => new SoldOut('sold out'),
  range: () => new RangeError('range'),
  type: () => new TypeError('type'),
  unmapped: () => new Unmapped('unmapped'),
  text: () => 'just text',
  nothing: () => undefined,
}

@Controller('/fail')
class FailingController {
  @Get('/:how')
  fail(@Param('how') how: string): never {
    throw ERRORS[how]?.()
  }
}

async function boot(...providers: readonly Class[]): Promise<TestApp> {
  @Module({ controllers: [FailingController], providers })
  class TestedModule {}

  return testApp(TestedModule).boot()
}

async function problem(app: TestApp, how: string): Promise<{ status: number; code: string; detail?: string }> {
  const response = await app.request(`/fail/${how}`)
  expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/)
  return (await response.json()) as { status: number; code: string }
}

describe('@Catch', () => {
  it('maps an error by the nearest type, on any provider, and leaves the others alone', async () => {
    @Injectable()
    class ShopErrors {
      readonly #status = 422

      @Catch(ShopError)
      shop(error: ShopError): Problem {
        return new Problem({ status: this.#status, code: 'SHOP', detail: error.message })
      }
    }

    @Service()
    class StockErrors {
      @Catch(StockError)
      async stock(error: StockError, context: CallContext): Promise<Problem> {
        await Promise.resolve()
        return new Problem({ status: 409, code: 'STOCK', detail: `${error.message} in ${context.endpoint.name}` })
      }

      @Catch(RangeError, TypeError)
      range(error: Error): Problem {
        return new Problem({ status: 400, code: 'RANGE', detail: error.name })
      }
    }

    await using app = await boot(ShopErrors, StockErrors)

    expect(await problem(app, 'shop')).toMatchObject({ status: 422, code: 'SHOP', detail: 'shop' })
    expect(await problem(app, 'stock')).toMatchObject({ status: 409, detail: 'stock in FailingController.fail' })
    expect(await problem(app, 'sold-out')).toMatchObject({ status: 409, code: 'STOCK' })
    expect(await problem(app, 'range')).toMatchObject({ status: 400, code: 'RANGE', detail: 'RangeError' })
    expect(await problem(app, 'type')).toMatchObject({ status: 400, code: 'RANGE', detail: 'TypeError' })
    for (const how of ['unmapped', 'text', 'nothing']) {
      expect(await problem(app, how)).toMatchObject({ status: 500, code: 'HTTP_INTERNAL_SERVER_ERROR' })
    }
  })

  it('sees what interceptors have made of an error', async () => {
    @Interceptor()
    class Translating {
      async intercept(_context: CallContext, next: Next): Promise<unknown> {
        try {
          return await next()
        } catch (error) {
          throw new ShopError('translated', { cause: error })
        }
      }
    }

    @Injectable()
    class ShopErrors {
      @Catch(ShopError)
      shop({ message }: ShopError): Problem {
        return new Problem({ status: 400, detail: message })
      }
    }

    @Module({ controllers: [FailingController], providers: [ShopErrors], interceptors: [Translating] })
    class TestedModule {}

    await using app = await testApp(TestedModule).boot()

    expect(await problem(app, 'unmapped')).toMatchObject({ status: 400, detail: 'translated' })
  })

  it('may throw another error instead, which is what the caller learns', async () => {
    @Injectable()
    class ShopErrors {
      @Catch(StockError)
      stock(): never {
        throw new ConflictException('somebody was faster')
      }

      @Catch(RangeError)
      range(): Promise<never> {
        return Promise.reject(new ConflictException('later'))
      }
    }

    await using app = await boot(ShopErrors)

    expect(await problem(app, 'stock')).toMatchObject({ status: 409, detail: 'somebody was faster' })
    expect(await problem(app, 'range')).toMatchObject({ status: 409, detail: 'later' })
    expect(app.logs.at('error')).toEqual([])
  })

  it('that fails is an answer of 500, and both errors are in the log', async () => {
    @Injectable()
    class Broken {
      @Catch(ShopError)
      shop(): never {
        throw new TypeError('broken mapper')
      }

      @Catch(RangeError)
      async range(): Promise<never> {
        await Promise.resolve()
        throw new TypeError('broken mapper')
      }

      @Catch(TypeError)
      nothing(): Problem {
        return undefined as unknown as Problem
      }
    }

    await using app = await boot(Broken)

    for (const how of ['shop', 'range', 'type']) {
      app.logs.lines.length = 0
      expect(await problem(app, how)).toMatchObject({ status: 500 })
      expect(app.logs.at('error').map(({ fields }) => (fields['error'] as Error).message)).toEqual([
        how === 'type' ? expect.stringContaining('Broken.nothing') : 'broken mapper',
        how,
      ])
    }
  })
})
