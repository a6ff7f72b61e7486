import { connect } from 'node:net'

import {
  Body,
  Controller,
  Get,
  Interceptor,
  Module,
  NotFoundException,
  Param,
  Post,
  TooManyRequestsException,
  UnauthorizedException,
  Use,
  type CallContext,
  type Endpoint,
  type Around,
  type Next,
  type Outcome,
} from 'tenon'
import { testApp, type TestApp } from 'tenon/testing'

interface Seen extends Outcome {
  readonly endpoint: string
  readonly thrown: unknown
}

const waiting = Promise.withResolvers<void>()

@Controller('/')
class OutcomesController {
  @Get('/numbers/:id')
  number(@Param('id') id: number): number {
    if (id === 0) throw new NotFoundException('There is no zero.')
    return id
  }

  @Post('/texts')
  text(@Body('text') text: string): string {
    return text
  }

  @Get('/secret')
  @Use(() => {
    throw new UnauthorizedException('Who are you?')
  })
  secret(): string {
    return 'secret'
  }

  @Get('/vault')
  @Use({ decide: () => false })
  vault(): string {
    return 'gold'
  }

  @Get('/busy')
  async busy(): Promise<never> {
    throw await Promise.resolve(new TooManyRequestsException('Slow down.'))
  }

  @Get('/broken')
  broken(): never {
    throw undefined
  }

  @Get('/wait')
  wait(): Promise<never> {
    waiting.resolve()
    return new Promise(() => undefined)
  }
}

async function observed(): Promise<{ app: TestApp; seen: Seen[] }> {
  const seen: Seen[] = []

  @Interceptor({ phase: 'observe' })
  class Observer {
    forEndpoint(endpoint: Endpoint): Around {
      return async (context: CallContext, next: Next) => {
        const thrown: unknown[] = []
        context.onSettled((outcome) => seen.push({ ...outcome, endpoint: endpoint.name, thrown: thrown[0] }))
        try {
          return await next()
        } catch (error) {
          thrown.push(error)
          throw error
        }
      }
    }
  }

  @Module({ controllers: [OutcomesController], interceptors: [Observer] })
  class OutcomesModule {}

  return { app: await testApp(OutcomesModule).env({ HTTP_MAX_BODY_BYTES: '100' }).boot(), seen }
}

async function settled(seen: readonly Seen[], app: TestApp): Promise<Seen | undefined> {
  await app.close()
  return seen[0]
}

describe('An interceptor in the observe phase', () => {
  it.each<readonly [number, string, string, RequestInit & { json?: unknown }]>([
    [200, 'OutcomesController.number', '/numbers/7', {}],
    [400, 'OutcomesController.number', '/numbers/seven', {}],
    [401, 'OutcomesController.secret', '/secret', {}],
    [403, 'OutcomesController.vault', '/vault', {}],
    [404, 'OutcomesController.number', '/numbers/0', {}],
    [404, 'Unanswered.notFound', '/nowhere', {}],
    [405, 'Unanswered.methodNotAllowed', '/numbers/7', { method: 'DELETE' }],
    [413, 'OutcomesController.text', '/texts', { json: { text: 'x'.repeat(200) } }],
    [
      415,
      'OutcomesController.text',
      '/texts',
      { method: 'POST', body: '<a/>', headers: { 'content-type': 'text/xml' } },
    ],
    [429, 'OutcomesController.busy', '/busy', {}],
    [500, 'OutcomesController.broken', '/broken', {}],
  ])('sees %i of %s', async (status, endpoint, path, init) => {
    const { app, seen } = await observed()

    expect((await app.request(path, init)).status).toBe(status)
    const outcome = await settled(seen, app)

    expect(outcome).toMatchObject({ status, endpoint, durationMs: expect.any(Number) })
    expect(outcome?.error).toBe(outcome?.thrown)
    expect(outcome?.error === undefined).toBe([200, 500].includes(status))
    expect(seen).toHaveLength(1)
  })

  it('sees a caller that went away as 499', async () => {
    const { app, seen } = await observed()
    const socket = connect(Number(new URL(await app.url()).port), '127.0.0.1')
    socket.write('GET /wait HTTP/1.1\r\nHost: here\r\n\r\n')
    await waiting.promise

    socket.destroy()
    const deadline = Date.now() + 5000
    while (seen.length === 0 && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 5))

    expect(seen).toMatchObject([{ status: 499, endpoint: 'OutcomesController.wait' }])
    await app.close()
  })
})
