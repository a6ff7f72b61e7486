/** One line per HTTP call, written when it is over: answered, refused, failed or left by its caller. */
import { Interceptor } from '../../decorators/index.ts'
import { Logger } from '../logging/logger.ts'
import type { Endpoint } from '../pipeline/endpoint.ts'
import type { Around, EndpointInterceptor } from '../pipeline/interceptor.ts'
import type { HttpContext } from './http-context.ts'

@Interceptor({ phase: 'observe', order: -1000, on: ['http'] })
export class AccessLogInterceptor implements EndpointInterceptor {
  readonly #logger: Logger

  constructor(logger: Logger) {
    this.#logger = logger
  }

  /** Nothing at all where nobody would read it. */
  forEndpoint(endpoint: Endpoint): Around | undefined {
    if (!this.#logger.isEnabled('info')) return undefined
    const logger = this.#logger.named('http')
    const route = endpoint.route?.path
    return (context, next) => {
      const { request, id: requestId } = context as HttpContext
      context.onSettled(({ status, durationMs, error }) => {
        const { method, originalUrl } = request
        // The path alone: values of a query may be secrets.
        const path = originalUrl.split('?', 1)[0] ?? originalUrl
        const duration = Math.round(durationMs * 100) / 100
        logger.info(`${method} ${path} ${status}`, {
          method,
          path,
          ...(route === undefined ? {} : { route }),
          status,
          durationMs: duration,
          requestId,
          endpoint: endpoint.name,
          ...(error instanceof Error && status < 500 ? { reason: error.message } : {}),
        })
      })
      return next()
    }
  }
}
