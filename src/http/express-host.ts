/** Everything that needs Express: its application object, and the middleware, routers and sub-applications mounted on it. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createRequire } from 'node:module'

import type { Application, Request, Response } from 'express'

import type { PlacedStep } from '../pipeline/collect-arounds.ts'
import { runInContext, tryCtx, type CallContext } from '../pipeline/context.ts'
import type { Next } from '../pipeline/interceptor.ts'
import {
  bindApplication,
  createHostClasses,
  loadExpressPrototypes,
  type HostClasses,
  type HostResponse,
} from './express-request.ts'
import type { HttpContext } from './http-context.ts'
import type { HttpConfig } from './http-config.ts'
import { MiddlewareChain } from './middleware-chain.ts'
import { MiddlewareTooLate, TrustProxyInvalid } from './server-errors.ts'

const require = createRequire(import.meta.url)

export class ExpressHost {
  readonly classes: HostClasses
  readonly #config: Pick<HttpConfig, 'trustProxy' | 'etag'>
  #app: Application | undefined
  /** Until something is mounted that only Express's router can place. */
  #chain: MiddlewareChain | undefined = new MiddlewareChain()
  #mounted = false
  #closed = false

  /** @throws `HTTP_TRUST_PROXY_INVALID` */
  constructor(config: Pick<HttpConfig, 'trustProxy' | 'etag'>) {
    this.#config = config
    this.classes = createHostClasses(() => this.application, config.trustProxy !== '')
    // A list that nobody can read must not wait for the first caller.
    if (config.trustProxy !== '') void this.application
  }

  /** The Express application: `req.app`. Made, and Express loaded, on first use. */
  get application(): Application {
    return (this.#app ??= this.#createApplication())
  }

  /**
   * Mounts Express middleware, a router or a sub-application, with or without a path in front.
   * @throws `SERVER_MIDDLEWARE_TOO_LATE`
   */
  use(...mounted: readonly unknown[]): void {
    if (this.#closed) throw new MiddlewareTooLate()
    if (this.#chain && MiddlewareChain.takes(mounted)) {
      this.#chain.add(mounted)
    } else {
      const application = this.application as unknown as { use(...mounted: readonly unknown[]): void }
      for (const each of this.#chain?.mounted ?? []) application.use(each)
      this.#chain = undefined
      application.use(...mounted)
    }
    this.#mounted = true
  }

  /** What runs everything mounted, inside a call's pipeline; `undefined` when nothing is. */
  around(): PlacedStep | undefined {
    this.#closed = true
    if (!this.#mounted) return undefined
    loadExpressPrototypes()
    const handler: ExpressHandler = this.#chain ?? (this.application as unknown as ExpressHandler)
    return {
      name: 'Express middleware',
      phase: 'protect',
      order: -100,
      around: (context, next) => runMiddleware(handler, context as HttpContext, next),
    }
  }

  /** Makes requests and responses of another server ours, as Express does with every one. */
  adopt(request: IncomingMessage, response: ServerResponse): void {
    const { Request, Response } = this.classes
    if (!(request instanceof Request)) {
      Object.setPrototypeOf(request, Request.prototype)
      Object.assign(request, { originalUrl: '', baseUrl: '' })
    }
    if (!((response as object) instanceof Response)) {
      Object.setPrototypeOf(response, Response.prototype)
      // Not all that looks like a response closes after it has finished.
      response.once('finish', finished)
    }
  }

  #createApplication(): Application {
    const express = require('express') as () => Application
    const app = express()
    app.disable('x-powered-by')
    app.set('etag', this.#config.etag ? 'weak' : false)
    const { trustProxy } = this.#config
    try {
      app.set('trust proxy', trustProxy === '' ? false : trustProxy)
    } catch (error) {
      throw new TrustProxyInvalid(trustProxy, error instanceof Error ? error.message : String(error))
    }
    // Requests have these prototypes already: what Express does per request becomes a comparison.
    Object.assign(app, { request: this.classes.Request.prototype, response: this.classes.Response.prototype })
    loadExpressPrototypes()
    bindApplication(this.classes, app)
    return app
  }
}

function finished(this: HostResponse): void {
  this.call?.over()
}

/** Everything mounted, with a callback: what is called when nothing mounted has answered. */
type ExpressHandler = { handle(request: Request, response: Response, done: (error?: unknown) => void): void }

/**
 * Ends with the handler's result, with the error given to `next`, or when a middleware has answered by itself.
 * Synchronous when all of them go on at once.
 */
function runMiddleware(handler: ExpressHandler, context: HttpContext & CallContext, next: Next): unknown {
  const { request, response } = context
  const waiting = { for: undefined as PromiseWithResolvers<unknown> | undefined }
  let passed: { readonly result?: unknown; readonly error?: unknown; readonly hasFailed: boolean } | undefined

  const answered = (): void => waiting.for?.resolve(undefined)
  handler.handle(request, response, (error) => {
    if (passed) return
    if (response.writableEnded || response.destroyed) passed = { hasFailed: false }
    else if (error) passed = { hasFailed: true, error }
    else passed = goOn(context, next)
    if (!waiting.for) return
    response.off('finish', answered)
    response.off('close', answered)
    if (passed.hasFailed) waiting.for.reject(passed.error)
    else waiting.for.resolve(passed.result)
  })

  if (passed) {
    const { hasFailed, error, result } = passed as { hasFailed: boolean; error?: unknown; result?: unknown }
    if (hasFailed) throw error
    return result
  }
  if (response.closed) return undefined
  waiting.for = Promise.withResolvers<unknown>()
  response.once('finish', answered)
  response.once('close', answered)
  return waiting.for.promise
}

/** A middleware may call on from a place that has lost the call's context. */
function goOn(
  context: CallContext,
  next: Next,
): { readonly result?: unknown; readonly error?: unknown; readonly hasFailed: boolean } {
  try {
    return { hasFailed: false, result: tryCtx() === context ? next() : runInContext(context, next) }
  } catch (error) {
    return { hasFailed: true, error }
  }
}
