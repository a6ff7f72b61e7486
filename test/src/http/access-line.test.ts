import { PassThrough } from 'node:stream'

import { AccessLogInterceptor } from '../../../src/http/access-log.ts'
import type { HttpContext } from '../../../src/http/http-context.ts'
import { LogControl } from '../../../src/logging/log-control.ts'
import { Logger, type LogFields } from '../../../src/logging/logger.ts'
import { RecordLogger } from '../../../src/logging/record-logger.ts'
import { Redactor } from '../../../src/logging/redact.ts'
import { WinstonLogger } from '../../../src/logging/winston-logger.ts'
import type { Endpoint } from '../../../src/pipeline/endpoint.ts'
import type { Outcome } from '../../../src/pipeline/context.ts'

interface Call {
  readonly url: string
  readonly method?: string
  readonly sent?: string
  readonly route?: string
  readonly outcome?: Partial<Outcome>
  /** Of the call, told by others. */
  readonly fields?: LogFields
}

const CALLS: readonly (readonly [string, Call])[] = [
  [
    'a call that others say something of',
    { url: '/a', route: '/a', fields: { traceId: 'abc', password: 'x', tenant: 'a"b', status: 'forged', n: 1 } },
  ],
  ['a call that others say nothing new of', { url: '/a', fields: { endpoint: 'Forged.one' } }],
  ['a static path', { url: '/' }],
  ['a route with parameters', { url: '/people/7', route: '/people/:id' }],
  ['a query, whose values are left out', { url: '/people?token=abc&x=1' }],
  ['a path with a secret', { url: '/files/top-secret-value/x' }],
  ['a path with credentials', { url: '/go/https://user:password@host/' }],
  ['a path with quotes and backslashes', { url: '/a"b\\c' }],
  ['a path with what only latin1 has', { url: '/caf\u00e9\u0080' }],
  ['an id that was sent', { url: '/', sent: 'Root-1:2.3' }],
  ['an id that is a secret', { url: '/', sent: 'top-secret-value' }],
  [
    'a refusal with its reason',
    { url: '/', outcome: { status: 404, error: new Error('No "x" for top-secret-value.') } },
  ],
  [
    'a failure, whose reason is elsewhere',
    { url: '/', method: 'POST', outcome: { status: 500, error: new Error('x') } },
  ],
  ['a caller who left', { url: '/', outcome: { status: 499, durationMs: 12.345_678 } }],
  ['no time at all', { url: '/', outcome: { durationMs: 0 } }],
]

describe('the access log as JSON', () => {
  it.each(CALLS)('is the same line directly and through the logger: %s', async (_name, call) => {
    const direct = await lineOf(call, (logger) => logger)
    const through = await lineOf(call, (logger) => new Indirect(logger))

    expect(direct).not.toContain('top-secret-value')
    expect(withoutTime(direct)).toBe(withoutTime(through))
    expect(JSON.parse(direct)).toMatchObject({ level: 'info', logger: 'http', time: expect.stringMatching(TIME) })
  })

  it('follows the clock from one second into the next', async () => {
    const line = JSON.parse(await lineOf({ url: '/' }, (logger) => logger)) as { time: string }

    expect(Math.abs(Date.parse(line.time) - Date.now())).toBeLessThan(5000)
    expect(new Date(line.time).toISOString()).toBe(line.time)
  })

  it('goes through the logger when the logger carries fields of its own', () => {
    const logger = new WinstonLogger({ level: 'info', format: 'json', output: new PassThrough() })

    expect(logger.child({ a: 1 })).toBeInstanceOf(RecordLogger)
    expect((logger.child({ a: 1 }) as RecordLogger).jsonLines()).toBeUndefined()
    expect(
      new WinstonLogger({ level: 'info', format: 'pretty', output: new PassThrough() }).jsonLines(),
    ).toBeUndefined()
  })
})

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/

async function lineOf(
  { url, method = 'GET', sent, route, outcome, fields }: Call,
  wrap: (logger: Logger) => Logger,
): Promise<string> {
  const output = new PassThrough()
  const redactor = new Redactor()
  redactor.register('top-secret-value')
  const logger = new WinstonLogger({ level: 'info', format: 'json', output, redactor })
  const endpoint = { name: 'Samples.one', route: route === undefined ? undefined : { path: route } } as Endpoint
  const control = new LogControl()
  if (fields) control.addCallFields(() => fields)
  const added = new AccessLogInterceptor(wrap(logger), control).forEndpoint(endpoint)!
  const request = { method, originalUrl: url, headers: sent === undefined ? {} : { 'x-request-id': sent } }
  const context = { request, id: sent ?? 'own-id' } as unknown as HttpContext
  added.settled!({ status: 200, error: undefined, durationMs: 1.234_567, ...outcome }, context)
  await logger.close()
  return String(output.read())
}

/** The same log, as a logger that is not the kernel's own. */
class Indirect extends Logger {
  readonly #logger: Logger

  constructor(logger: Logger) {
    super()
    this.#logger = logger
  }

  debug(): void {}
  warn(): void {}
  error(): void {}

  info(message: string, fields?: object): void {
    this.#logger.info(message, fields as never)
  }

  named(name: string): Logger {
    return new Indirect(this.#logger.named(name))
  }

  child(): Logger {
    return this
  }

  isEnabled(): boolean {
    return true
  }
}

function withoutTime(line: string): string {
  return line.replace(/"time":"[^"]+"/, '')
}
