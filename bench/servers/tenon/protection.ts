/** Security headers, CORS, rate limit and the request id as an application's own interceptors. */
import {
  applyDecorators,
  Interceptor,
  SetHeader,
  TooManyRequestsException,
  type CallContext,
  type CallInterceptor,
  type HttpContext,
  type Next,
} from 'tenon'

import { SECURITY_HEADERS } from '../shared/security-headers.js'
import { ORIGIN, RATE_LIMIT, RATE_WINDOW_MS } from '../shared/settings.js'

/** Headers that are always the same are laid out at boot. */
export function SecurityHeaders() {
  return applyDecorators(...Object.entries(SECURITY_HEADERS).map(([name, value]) => SetHeader(name, value)))
}

@Interceptor({ phase: 'protect', order: -20 })
export class RequestIdInterceptor implements CallInterceptor {
  intercept(context: CallContext, next: Next): unknown {
    ;(context as HttpContext).response.setHeader('X-Request-Id', context.id)
    return next()
  }
}

@Interceptor({ phase: 'protect', order: -10 })
export class CorsInterceptor implements CallInterceptor {
  intercept(context: CallContext, next: Next): unknown {
    const { response } = context as HttpContext
    response.setHeader('Vary', 'Origin')
    if (context.header('origin') === ORIGIN) response.setHeader('Access-Control-Allow-Origin', ORIGIN)
    return next()
  }
}

@Interceptor({ phase: 'protect' })
export class RateLimitInterceptor implements CallInterceptor {
  readonly #windows = new Map<string, { hits: number; readonly endsAt: number }>()

  intercept(context: CallContext, next: Next): unknown {
    const { request, response } = context as HttpContext
    const { remaining, resetSeconds } = this.#count(request.socket.remoteAddress ?? '')
    response.setHeader('RateLimit-Limit', RATE_LIMIT)
    response.setHeader('RateLimit-Remaining', remaining)
    response.setHeader('RateLimit-Reset', resetSeconds)
    if (remaining < 0) throw new TooManyRequestsException()
    return next()
  }

  #count(caller: string): { readonly remaining: number; readonly resetSeconds: number } {
    const now = Date.now()
    let window = this.#windows.get(caller)
    if (!window || window.endsAt <= now) {
      window = { hits: 0, endsAt: now + RATE_WINDOW_MS }
      this.#windows.set(caller, window)
    }
    window.hits += 1
    return { remaining: RATE_LIMIT - window.hits, resetSeconds: Math.ceil((window.endsAt - now) / 1000) }
  }
}
