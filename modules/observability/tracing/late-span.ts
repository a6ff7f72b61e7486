/**
 * A span that is begun when somebody needs it: a child, a line of the log, an attribute. Most interceptors look at a value
 * and are done; what did no work needs no span.
 */
import type { Attributes, Exception, Link, Span, SpanContext, SpanStatus, TimeInput } from '@opentelemetry/api'

export class LateSpan implements Span {
  readonly #begin: () => Span
  #span: Span | undefined

  /** @param begin - Begins it, with the time at which it should have begun. */
  constructor(begin: () => Span) {
    this.#begin = begin
  }

  get hasBegun(): boolean {
    return this.#span !== undefined
  }

  get #real(): Span {
    return (this.#span ??= this.#begin())
  }

  spanContext(): SpanContext {
    return this.#real.spanContext()
  }

  isRecording(): boolean {
    return true
  }

  setAttribute(...args: Parameters<Span['setAttribute']>): this {
    this.#real.setAttribute(...args)
    return this
  }

  setAttributes(attributes: Attributes): this {
    this.#real.setAttributes(attributes)
    return this
  }

  addEvent(...args: Parameters<Span['addEvent']>): this {
    this.#real.addEvent(...args)
    return this
  }

  addLink(link: Link): this {
    this.#real.addLink(link)
    return this
  }

  addLinks(links: Link[]): this {
    this.#real.addLinks(links)
    return this
  }

  setStatus(status: SpanStatus): this {
    this.#real.setStatus(status)
    return this
  }

  updateName(name: string): this {
    this.#real.updateName(name)
    return this
  }

  recordException(exception: Exception, time?: TimeInput): void {
    this.#real.recordException(exception, time)
  }

  end(endTime?: TimeInput): void {
    this.#real.end(endTime)
  }
}
