/** One line per HTTP call, written when it is over: answered, refused, failed or left by its caller. */
import { Interceptor } from '../../decorators/index.ts'
import { LogControl } from '../logging/log-control.ts'
import { Logger } from '../logging/logger.ts'
import { RecordLogger } from '../logging/record-logger.ts'
import type { OutcomeListener } from '../pipeline/context.ts'
import type { Endpoint } from '../pipeline/endpoint.ts'
import type { Contribution, EndpointInterceptor } from '../pipeline/interceptor.ts'
import { AccessLine, furtherFields } from './access-line.ts'
import type { HttpContext } from './http-context.ts'

@Interceptor({ phase: 'observe', order: -1000, on: ['http'] })
export class AccessLogInterceptor implements EndpointInterceptor {
  readonly #logger: Logger
  readonly #control: LogControl

  constructor(logger: Logger, control: LogControl) {
    this.#logger = logger
    this.#control = control
  }

  /** Nothing at all where nobody would read it. */
  forEndpoint(endpoint: Endpoint): Contribution | undefined {
    if (!this.#logger.isEnabled('info')) return undefined
    return { settled: noteIn(this.#logger.named('http'), endpoint, this.#control) }
  }
}

/** Where lines are JSON, this one is written directly: it is the only one that every call pays for. */
function noteIn(logger: Logger, endpoint: Endpoint, control: LogControl): OutcomeListener {
  const route = endpoint.route?.path
  const lines = logger instanceof RecordLogger ? logger.jsonLines() : undefined
  if (lines) {
    const line = new AccessLine(lines.redactor, route, endpoint.name)
    return (outcome, context) => {
      // The level may have been changed since.
      if (!logger.isEnabled('info')) return
      const call = context as HttpContext
      lines.writeLine(line.render(outcome, call, pathOf(call), control.fieldsOf(call)))
    }
  }
  return ({ status, durationMs, error }, context) => {
    const call = context as HttpContext
    const { method } = call.request
    const path = pathOf(call)
    logger.info(`${method} ${path} ${status}`, {
      method,
      path,
      ...(route === undefined ? {} : { route }),
      status,
      durationMs: Math.round(durationMs * 100) / 100,
      requestId: call.id,
      endpoint: endpoint.name,
      ...(error instanceof Error && status < 500 ? { reason: error.message } : {}),
      ...furtherFields(control.fieldsOf(call)),
    })
  }
}

/** The path alone: values of a query may be secrets. */
function pathOf({ request }: HttpContext): string {
  const { originalUrl } = request
  const end = originalUrl.indexOf('?')
  return end === -1 ? originalUrl : originalUrl.slice(0, end)
}
