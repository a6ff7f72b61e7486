import { AccessLogInterceptor } from '../../../src/http/access-log.ts'
import { INTERCEPTOR } from '../../../decorators/index.ts'
import { LogControl } from '../../../src/logging/log-control.ts'
import { MemoryLogger } from '../../../src/testing/memory-logger.ts'
import { serve, until, type ServeOptions } from './serve.ts'

const LOGGED: ServeOptions = {
  interceptors: (logger) => {
    const log = new AccessLogInterceptor(logger, new LogControl())
    return (endpoint) => [{ name: 'access log', phase: 'observe', order: -1000, ...log.forEndpoint(endpoint)! }]
  },
}

describe('AccessLogInterceptor', () => {
  it('stands outermost and takes part in HTTP alone', () => {
    expect(INTERCEPTOR.read(AccessLogInterceptor)).toMatchObject({ phase: 'observe', order: -1000, on: ['http'] })
  })

  it('writes one line per call, without the values of the query', async () => {
    await using served = await serve([{ path: '/people/:id', handle: () => 'x' }], LOGGED)

    await (await served.request('/people/7?token=secret', { headers: { 'x-request-id': 'r7' } })).text()
    await served.outcomes(1)

    expect(served.loggedAt('info')).toEqual([
      {
        level: 'info',
        message: 'GET /people/7 200',
        fields: {
          method: 'GET',
          path: '/people/7',
          logger: 'http',
          route: '/people/:id',
          status: 200,
          durationMs: expect.any(Number),
          requestId: 'r7',
          endpoint: 'Samples.GET /people/:id',
        },
      },
    ])
  })

  it('writes one for what no route answers, for failures, and for callers that leave', async () => {
    const fail = { path: '/fail', handle: () => Promise.reject(new Error('x')) }
    const never = { path: '/never', handle: () => new Promise(() => undefined) }
    await using served = await serve([fail, never], LOGGED)

    await (await served.request('/nothing')).text()
    await (await served.request('/fail')).text()
    await (await served.request('/fail', { method: 'POST' })).text()
    const wire = await served.connect('GET /never HTTP/1.1\r\nHost: x\r\n\r\n')
    await until(() => served.server.inFlight === 1, 'the call')
    wire.socket.destroy()
    await served.outcomes(4)

    expect(served.loggedAt('info').map((line) => line.message)).toEqual([
      'GET /nothing 404',
      'GET /fail 500',
      'POST /fail 405',
      'GET /never 499',
    ])
  })

  it('costs nothing where nobody would read it', () => {
    class Quiet extends MemoryLogger {
      override isEnabled(): boolean {
        return false
      }
    }

    expect(new AccessLogInterceptor(new Quiet(), new LogControl()).forEndpoint(undefined as never)).toBeUndefined()
  })
})
