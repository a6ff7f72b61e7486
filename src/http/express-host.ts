/** Everything that needs Express: its application object, and the middleware, routers and sub-applications mounted on it. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createRequire } from 'node:module'

import type { Application, Request, Response } from 'express'

import type { PlacedStep } from '../pipeline/collect-arounds.ts'
import { runInContext, type CallContext } from '../pipeline/context.ts'
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
import { MiddlewareTooLate, TrustProxyInvalid } from './server-errors.ts'

const require = createRequire(import.meta.url)

export class ExpressHost {
  readonly classes: HostClasses
  readonly #config: Pick<HttpConfig, 'trustProxy' | 'etag'>
  #app: Application | undefined
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
    ;(this.application.use as (...handlers: readonly unknown[]) => unknown)(...mounted)
    this.#mounted = true
  }

  /** What runs everything mounted, inside a call's pipeline; `undefined` when nothing is. */
  around(): PlacedStep | undefined {
    this.#closed = true
    if (!this.#mounted) return undefined
    loadExpressPrototypes()
    const app = this.application as unknown as ExpressHandler
    return {
      name: 'Express middleware',
      phase: 'protect',
      order: -100,
      around: (context, next) => runMiddleware(app, context as HttpContext, next),
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

/** An Express application as a function with a callback: what it calls when nothing mounted has answered. */
type ExpressHandler = { handle(request: Request, response: Response, done: (error?: unknown) => void): void }

/** Ends with the handler's result, with the error given to `next`, or when a middleware has answered by itself. */
function runMiddleware(app: ExpressHandler, context: HttpContext & CallContext, next: Next): Promise<unknown> {
  const { request, response } = context
  const { promise, resolve, reject } = Promise.withResolvers<unknown>()
  const answered = (): void => resolve(undefined)
  response.once('finish', answered)
  response.once('close', answered)
  app.handle(request, response, (error) => {
    if (response.writableEnded || response.destroyed) return answered()
    response.off('finish', answered)
    response.off('close', answered)
    if (error) return reject(error)
    try {
      // A middleware may call on from a place that has lost the call's context.
      resolve(runInContext(context, next))
    } catch (thrown) {
      reject(thrown)
    }
  })
  return promise
}
