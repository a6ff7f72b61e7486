import {
  CallProbe,
  Controller,
  Get,
  Interceptor,
  Module,
  Public,
  Service,
  tryCtx,
  Use,
  type Around,
  type CallContext,
  type Contribution,
  type EndpointInterceptor,
  type Endpoint,
  type Next,
  type ProbedPart,
} from 'tenon'
import { testApp, type TestApp } from 'tenon/testing'

@Interceptor({ phase: 'protect' })
class Outer implements EndpointInterceptor {
  forEndpoint(): Contribution {
    return {
      before: (context) => (context.header('x-wait') ? Promise.resolve() : undefined),
      around: (_context, next) => next(),
    }
  }
}

@Interceptor({ phase: 'around', on: 'all', repeats: true })
class Twice implements EndpointInterceptor {
  forEndpoint({ method }: Endpoint): Around | undefined {
    return method === 'twice' ? (_context, next: Next) => (next(), next()) : undefined
  }
}

@Service()
class Clerk {
  @Use(Twice)
  twice(): string {
    return 'done'
  }
}

@Controller('/desk')
@Public('A test.')
class DeskController {
  constructor(private readonly clerk: Clerk) {}

  @Get('/answer')
  answer(): string {
    return 'answer'
  }

  @Get('/failure')
  failure(): never {
    throw new Error('failed')
  }

  @Get('/clerk')
  clerks(): string {
    return this.clerk.twice()
  }
}

/** Notes the parts of watched calls as they begin and end. */
class Noting extends CallProbe {
  readonly notes: string[] = []
  asked = 0

  watches(context: CallContext): boolean {
    return (context.endpoint.transport === 'method' ? tryCtx() : context)?.header('x-watch') !== undefined
  }

  around({ kind, name, phase }: ProbedPart): Around {
    this.asked += 1
    const part = [kind, name, phase].filter(Boolean).join(' ')
    return (_context, next) => {
      this.notes.push(part)
      try {
        return next()
      } finally {
        this.notes.push(`/${part}`)
      }
    }
  }
}

async function boot(...probes: readonly CallProbe[]): Promise<TestApp> {
  @Module({
    controllers: [DeskController],
    providers: [Clerk, ...probes.map((useValue) => ({ provide: CallProbe, useValue }))],
    interceptors: [Outer],
  })
  class DeskModule {}

  return testApp(DeskModule).boot()
}

const WATCHED = { headers: { 'x-watch': '1' } }

/** Without the parts that every application has. */
function own(notes: readonly string[]): readonly string[] {
  return notes.filter((note) => !/AccessLog|TestIdentity/.test(note))
}

describe('A call probe', () => {
  it('stands around the call, each interceptor and the handler, and nowhere in calls that it does not watch', async () => {
    const probe = new Noting()
    await using app = await boot(probe)

    await app.request('/desk/answer')
    expect(probe.notes).toEqual([])
    expect(probe.asked).toBe(0)

    const response = await app.request('/desk/answer', WATCHED)

    expect(await response.text()).toBe('answer')
    expect(own(probe.notes)).toEqual([
      'call DeskController.answer',
      'before Outer protect',
      '/before Outer protect',
      'around Outer protect',
      'handler DeskController.answer',
      '/handler DeskController.answer',
      '/around Outer protect',
      '/call DeskController.answer',
    ])
  })

  it('is not asked about calls of endpoints that it takes no part in', async () => {
    class Choosing extends Noting {
      questions: string[] = []

      override takesPart({ name }: Endpoint): boolean {
        return name === 'DeskController.answer'
      }

      override watches(context: CallContext): boolean {
        this.questions.push(context.endpoint.name)
        return super.watches(context)
      }
    }
    const probe = new Choosing()
    await using app = await boot(probe)

    for (const path of ['/desk/answer', '/desk/clerk', '/desk/failure', '/nowhere']) await app.request(path, WATCHED)

    expect(probe.questions).toEqual(['DeskController.answer'])
    expect(own(probe.notes)[0]).toBe('call DeskController.answer')
  })

  it('is asked for its code once for each part, however many calls come', async () => {
    const probe = new Noting()
    await using app = await boot(probe)

    for (let call = 0; call < 3; call += 1) await app.request('/desk/answer', WATCHED)
    const { asked } = probe
    await app.request('/desk/answer', WATCHED)

    expect(probe.asked).toBe(asked)
  })

  it('sees failures pass, and waits with what waits', async () => {
    const probe = new Noting()
    await using app = await boot(probe)

    const failed = await app.request('/desk/failure', WATCHED)
    const waited = await app.request('/desk/answer', { headers: { 'x-watch': '1', 'x-wait': '1' } })

    expect([failed.status, waited.status]).toEqual([500, 200])
    expect(probe.notes).toContain('/call DeskController.failure')
  })

  it('watches what no route answers', async () => {
    const probe = new Noting()
    await using app = await boot(probe)

    const response = await app.request('/nowhere', WATCHED)

    expect(response.status).toBe(404)
    expect(probe.notes).toContain('handler Unanswered.notFound')
  })

  it('stands around the interceptors of methods too, as often as they run what is inside', async () => {
    const probe = new Noting()
    await using app = await boot(probe)

    await app.request('/desk/clerk', WATCHED)

    expect(own(probe.notes).filter((note) => /Clerk|Twice/.test(note))).toEqual([
      'call Clerk.twice',
      'around Twice around',
      'handler Clerk.twice',
      '/handler Clerk.twice',
      'handler Clerk.twice',
      '/handler Clerk.twice',
      '/around Twice around',
      '/call Clerk.twice',
    ])
  })

  it('may be one of several: each is asked, and the first one stands outermost', async () => {
    const [first, second] = [new Noting(), new Noting()]
    const order: string[] = []
    first.around = () => (_context, next) => (order.push('first'), next())
    second.around = () => (_context, next) => (order.push('second'), next())
    second.watches = () => false
    await using app = await boot(first, second)

    await app.request('/desk/answer', WATCHED)

    expect(order.slice(0, 2)).toEqual(['first', 'second'])
  })
})
