/** Runs calls: from the compiled endpoint to exactly one answer, one log line for a failure, and one outcome. */
import { Problem, problemOf } from '../errors/problem.ts'
import type { LogFields } from '../logging/logger.ts'
import { isPromise } from '../pipeline/after.ts'
import { enterContext, runInContext } from '../pipeline/context.ts'
import type { Route } from '../pipeline/endpoint.ts'
import type { Handler } from '../pipeline/interceptor.ts'
import { LinkedList } from './linked-list.ts'
import type { CallOwner, HttpCall } from './http-call.ts'
import type { HttpContext } from './http-context.ts'
import { traceIdOf } from './request-id.ts'
import { CallerGone, HandlerTimedOut } from './server-errors.ts'
import { CallWatcher } from './watch-calls.ts'
import { problemBody, writeProblem, type ProblemBody } from './write-problem.ts'

const LONGEST_LINGER_MS = 5000

export interface CallRunnerOptions {
  readonly toProblem: (error: unknown, context: HttpContext) => Problem | PromiseLike<Problem>
  readonly exposeInternals: boolean
  readonly handlerTimeoutMs: number
  /** For the rest of a body nobody reads. */
  readonly bodyTimeoutMs: number
  /** For the developer page. */
  readonly routes: () => readonly Route[]
}

export class CallRunner implements CallOwner {
  /** Calls that are not over. */
  readonly inFlight = new LinkedList<HttpCall>()
  readonly #options: CallRunnerOptions
  readonly #watcher: CallWatcher
  readonly #waiting: (() => void)[] = []

  constructor(options: CallRunnerOptions) {
    this.#options = options
    const { handlerTimeoutMs, bodyTimeoutMs } = options
    this.#watcher = new CallWatcher({
      inFlight: this.inFlight,
      limitMs: handlerTimeoutMs,
      lingerMs: Math.min(bodyTimeoutMs, LONGEST_LINGER_MS),
      onGone: (call) => this.over(call),
      onOverdue: (call) => {
        const error = new HandlerTimedOut(call.endpoint.name, handlerTimeoutMs)
        call.abort(error)
        this.fail(call, error)
      },
    })
  }

  /** To be called by a listener that the server itself calls; by others inside `leavingContext`. */
  start(call: HttpCall): void {
    call.hostResponse.call = call
    this.inFlight.add(call)
    this.#watcher.wake()
    call.owesSince = this.#watcher.tick
    enterContext(call)
    const { listeners } = call.mounted
    if (listeners !== undefined) call.begin(listeners)
    this.#run(call)
  }

  /** Answers a call with a problem; an answer that has begun is broken off. Only the first failure of a call counts. */
  fail(call: HttpCall, error: unknown): void {
    if (call.hasFailed || !call.isListed || call.request.socket?.destroyed) return this.#noteLate(call, error)
    call.hasFailed = true
    call.failed(error)
    let problem: Problem | PromiseLike<Problem>
    try {
      problem = this.#options.toProblem(error, call)
    } catch (thrown) {
      problem = this.#unmapped(call, thrown)
    }
    if (!isPromise<Problem>(problem)) return void this.#answerWith(call, problem, error)
    void problem.then(
      (mapped) => this.#answerWith(call, mapped, error),
      (thrown: unknown) => this.#answerWith(call, this.#unmapped(call, thrown), error),
    )
  }

  /** Tells the outcome, once. */
  over(call: HttpCall): void {
    if (!this.inFlight.delete(call)) return
    const { request, response } = call
    const isAnswered = response.writableFinished
    if (!isAnswered && call.brokenOffWith === undefined) call.abort(new CallerGone())
    call.settle(call.brokenOffWith ?? (isAnswered ? response.statusCode : 499))
    if (isAnswered && !request.complete) this.#watcher.linger(call)
    if (this.#waiting.length > 0 && this.inFlight.size === 0) for (const resolve of this.#waiting.splice(0)) resolve()
  }

  /** Ends every call at once: its connection is cut. */
  stop(): void {
    for (const call of this.inFlight.all()) {
      call.request.socket.destroy()
      this.over(call)
    }
    this.#watcher.stop()
  }

  /** Resolves when no call is in flight. */
  async idle(): Promise<void> {
    if (this.inFlight.size === 0) return
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#waiting.push(resolve)
    await promise
  }

  #run(call: HttpCall): void {
    const { invoke, halves } = call.mounted
    if (!halves) this.#work(call, invoke, this.#respond)
    else if (halves.front) this.#work(call, halves.front, this.#read)
    else this.#read(call)
  }

  /** The body, then what needs it. */
  readonly #read = (call: HttpCall): void => {
    const { readAhead, rest } = call.mounted.halves!
    const isReading = readAhead(call, (error) => {
      if (error) return runInContext(call, () => this.fail(call, error))
      // By the parser, which restores what was before.
      enterContext(call)
      this.#work(call, rest, this.#respond)
    })
    if (!isReading) this.#work(call, rest, this.#respond)
  }

  #work(call: HttpCall, work: Handler, then: (call: HttpCall, result: unknown) => void): void {
    try {
      const result = work(call)
      if (!isPromise(result)) return then(call, result)
      result.then(
        (value) => then(call, value),
        (error: unknown) => this.fail(call, error),
      )
    } catch (error) {
      this.fail(call, error)
    }
  }

  readonly #respond = (call: HttpCall, result: unknown): void => {
    const { response } = call
    if (call.hasFailed || response.headersSent || response.destroyed) return discard(result)
    try {
      const written = call.mounted.respond(call, result)
      if (written) written.catch((error: unknown) => this.fail(call, error))
    } catch (error) {
      this.fail(call, error)
    }
  }

  async #answerWith(call: HttpCall, problem: Problem, error: unknown): Promise<void> {
    const response = call.hostResponse
    const begun = response.headersSent
    this.#report(call, problem, error, begun)
    if (begun) {
      if (response.writableEnded) return
      call.brokenOffWith = problem.status
      response.destroy()
      return
    }
    const body = await this.#bodyFor(call, problem, error)
    if (response.headersSent || response.destroyed) return
    try {
      writeProblem(response, problem, body)
    } catch (thrown) {
      // A header nobody can send; the problem itself still can be.
      call.log.error(`The headers of a problem of ${call.endpoint.name} cannot be sent.`, { error: thrown })
      const { status, code } = problem
      writeProblem(response, new Problem({ status, code }), body)
    }
  }

  #bodyFor(call: HttpCall, problem: Problem, error: unknown): ProblemBody | Promise<ProblemBody> {
    const traceId = traceIdOf(call.header('traceparent')) ?? call.id
    if (!this.#options.exposeInternals || !/\btext\/html\b/.test(call.header('accept') ?? '')) {
      return problemBody(problem, traceId)
    }
    const routes = this.#options.routes()
    return import('./developer-page.ts').then(({ developerPage }) =>
      developerPage({ call, problem, error, traceId, routes }),
    )
  }

  #report(call: HttpCall, problem: Problem, error: unknown, begun: boolean): void {
    const { method, originalUrl } = call.request
    const what = `${method} ${originalUrl.split('?', 1)[0]}`
    const fields = { error, endpoint: call.endpoint.name, status: problem.status, code: problem.code }
    if (begun) call.log.error(`${what} failed after its answer had begun; the connection is closed.`, fields)
    else if (problem.status >= 500) call.log.error(`${what} failed.`, fields)
    else call.log.debug(`${what} was refused.`, refusalFields(fields))
  }

  /** Mapping an error must not become a second failure. */
  #unmapped(call: HttpCall, error: unknown): Problem {
    call.log.error(`Mapping an error of ${call.endpoint.name} to a problem failed.`, { error })
    return problemOf(undefined)
  }

  /** After an answer in full it is a fault worth a look; after a time-out or a lost connection only an echo. */
  #noteLate(call: HttpCall, error: unknown): void {
    const fields = { error, endpoint: call.endpoint.name }
    const answered = !call.hasFailed && call.response.writableFinished
    if (answered) call.log.error(`${call.endpoint.name} failed after it had answered.`, fields)
    else call.log.debug(`${call.endpoint.name} failed after its call was over.`, fields)
  }
}

/** A result nobody will read must not hold a file or a connection. */
function discard(result: unknown): void {
  const { destroy, pipe } = (result ?? {}) as { destroy?: unknown; pipe?: unknown }
  if (typeof destroy === 'function' && typeof pipe === 'function') (result as { destroy(): void }).destroy()
}

/** A refusal is no fault of the program: its reason is enough, unless something else has led to it. */
function refusalFields({ error, ...fields }: { readonly error: unknown }): LogFields {
  const { message, cause } = (error ?? {}) as Partial<Error>
  return { ...fields, reason: message, ...(cause === undefined ? {} : { cause }) }
}
