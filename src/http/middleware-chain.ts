/**
 * Express middleware mounted without a path, as one list: the same rules as Express's router, without matching each of
 * them against each request, and without waiting for the next turn of the event loop at the end.
 */
import { isPromise } from '../pipeline/after.ts'
import type { Request, Response } from './express-types.ts'

type Next = (error?: unknown) => void
type Middleware = (request: Request, response: Response, next: Next) => unknown
type ErrorMiddleware = (error: unknown, request: Request, response: Response, next: Next) => unknown

/** Deeper nesting of middleware that goes on at once is broken up, so that the stack does not overflow. */
const MAX_NESTING = 100

export class MiddlewareChain {
  readonly #middleware: (Middleware | ErrorMiddleware)[] = []

  /** Whether Express would mount these for every path: functions, in lists or not, and no application among them. */
  static takes(mounted: readonly unknown[]): boolean {
    const each = mounted.flat(Infinity)
    return each.length > 0 && each.every((one) => typeof one === 'function' && !isApplication(one))
  }

  get mounted(): readonly unknown[] {
    return this.#middleware
  }

  add(mounted: readonly unknown[]): void {
    this.#middleware.push(...(mounted.flat(Infinity) as Middleware[]))
  }

  /** @param done - Called when nothing mounted has answered; with what was given to the last `next` if that is an error. */
  readonly handle = (request: Request, response: Response, done: Next): void => {
    const middleware = this.#middleware
    const { params, baseUrl } = request
    let index = 0
    let nesting = 0

    const next = (given?: unknown): void => {
      const error = given === 'route' ? undefined : given
      if (error === 'router') return leave()
      if (++nesting > MAX_NESTING) return void setImmediate(next, given)
      while (index < middleware.length) {
        const each = middleware[index++]!
        // As Express tells them apart: four parameters take errors, fewer take requests.
        if (error ? each.length !== 4 : each.length > 3) continue
        request.params = {}
        invoke(each, error, request, response, next)
        nesting = 0
        return
      }
      leave(error)
    }
    const leave = (error?: unknown): void => {
      request.params = params
      request.baseUrl = baseUrl
      request.next = undefined
      done(error)
    }

    request.next = next
    next()
  }
}

function invoke(
  middleware: Middleware | ErrorMiddleware,
  error: unknown,
  request: Request,
  response: Response,
  next: Next,
): void {
  try {
    const result = error
      ? (middleware as ErrorMiddleware)(error, request, response, next)
      : (middleware as Middleware)(request, response, next)
    if (isPromise(result)) result.then(undefined, (reason) => next(reason || new Error('Rejected promise')))
  } catch (thrown) {
    next(thrown)
  }
}

function isApplication(mounted: object): boolean {
  return Boolean((mounted as { handle?: unknown }).handle && (mounted as { set?: unknown }).set)
}
