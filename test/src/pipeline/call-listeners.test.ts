import { connect } from 'node:net'
import { once } from 'node:events'

import {
  Command,
  Controller,
  Get,
  Injectable,
  Interceptor,
  Module,
  Use,
  type Contribution,
  type Endpoint,
  type EndpointInterceptor,
} from 'tenon'
import { testApp } from 'tenon/testing'

const told: string[] = []
const waiting = Promise.withResolvers<void>()

@Injectable()
class Shelf {
  count(): number {
    return 3
  }
}

@Controller('/')
class StockController {
  readonly #shelf: Shelf

  constructor(shelf: Shelf) {
    this.#shelf = shelf
  }

  @Get('/stock')
  stock(): number {
    return this.#shelf.count()
  }

  @Get('/refused')
  @Use(() => {
    throw new Error('Not today.')
  })
  refused(): string {
    return 'never'
  }

  @Get('/wait')
  wait(): Promise<never> {
    waiting.resolve()
    return new Promise(() => undefined)
  }
}

@Injectable()
class StockCommands {
  @Command('stock:count', { description: 'Counts' })
  count(): number {
    return 3
  }
}

/** Further inside than one that refuses. */
@Interceptor({ phase: 'observe', order: 2, on: 'all' })
class Listening implements EndpointInterceptor {
  forEndpoint({ name }: Endpoint): Contribution | undefined {
    // Methods of the framework's own providers are among all of them.
    if (!/^(Stock|Shelf|Unanswered)/.test(name)) return undefined
    return {
      begun: () => told.push(`${name} begins`),
      settled: ({ status, durationMs }) => told.push(`${name} ${status}${durationMs >= 0 ? '' : ', in no time'}`),
    }
  }
}

@Interceptor({ phase: 'observe', order: 1 })
class Refusing implements EndpointInterceptor {
  forEndpoint(): Contribution {
    return {
      before: (context) => {
        if (context.header('x-refuse') !== undefined) throw new Error('Refused.')
      },
    }
  }
}

@Module({
  controllers: [StockController],
  providers: [Shelf, StockCommands],
  interceptors: [Listening, Refusing],
})
class StockModule {}

describe('Those who are told of all calls', () => {
  beforeEach(() => {
    told.length = 0
  })

  it.each([
    ['an answer', '/stock', {}, ['StockController.stock begins', 'Shelf.count begins', 'StockController.stock 200']],
    [
      'a refusal in front of them',
      '/stock',
      { 'x-refuse': '1' },
      ['StockController.stock begins', 'StockController.stock 500'],
    ],
    ['a failure', '/refused', {}, ['StockController.refused begins', 'StockController.refused 500']],
    ['what no route answers', '/nowhere', {}, ['Unanswered.notFound begins', 'Unanswered.notFound 404']],
  ])('learn of %s', async (_what, path, headers, expected) => {
    await using app = await testApp(StockModule).boot()

    await app.request(path, { headers })
    await app.close()

    expect(told.filter((each) => each !== 'Shelf.count 200')).toEqual(expected)
  })

  it('learn of a caller who leaves', async () => {
    await using app = await testApp(StockModule).boot()
    const socket = connect(Number(new URL(await app.url()).port), '127.0.0.1')
    socket.write('GET /wait HTTP/1.1\r\nHost: here\r\n\r\n')
    await waiting.promise
    socket.destroy()
    await once(socket, 'close')
    await app.close()

    expect(told).toEqual(['StockController.wait begins', 'StockController.wait 499'])
  })

  it('learn of commands, and of methods that no call asked for', async () => {
    await using app = await testApp(StockModule).boot()

    await app.application.run('stock:count', {})
    app.get(Shelf).count()

    // The command, and the method that answers it.
    expect(told).toEqual([
      'StockCommands.count begins',
      'StockCommands.count begins',
      'StockCommands.count 200',
      'StockCommands.count 200',
      'Shelf.count begins',
      'Shelf.count 200',
    ])
  })

  it('do no harm when they throw', async () => {
    @Interceptor({ phase: 'observe' })
    class Broken implements EndpointInterceptor {
      forEndpoint(): Contribution {
        const fail = (): never => {
          throw new Error('broken listener')
        }
        return { begun: fail, settled: fail }
      }
    }
    @Module({ imports: [StockModule], interceptors: [Broken] })
    class BrokenModule {}
    await using app = await testApp(BrokenModule).boot()

    expect((await app.request('/stock')).status).toBe(200)
    await app.close()

    expect(told).toContain('StockController.stock 200')
    expect(app.logs.at('error').map(({ fields }) => (fields['error'] as Error).message)).toEqual([
      'broken listener',
      'broken listener',
    ])
  })
})
