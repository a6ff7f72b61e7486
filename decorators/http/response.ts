/** What an endpoint answers: status, headers, redirect, model and declared errors. */
import { annotate, annotateAlso } from '../annotate.ts'
import { MetadataKey, MetadataListKey, type AbstractClass, type Class } from '../metadata.ts'

export const HTTP_CODE = new MetadataKey<number>('http.status')

/** Status of a successful answer. */
export function HttpCode(status: number): MethodDecorator {
  return annotate(HTTP_CODE, status)
}

export interface HeaderFact {
  readonly name: string
  readonly value: string
}

export const SET_HEADERS = new MetadataListKey<HeaderFact>('http.set-headers')

/** A header of every successful answer. */
export function SetHeader(name: string, value: string): ClassDecorator & MethodDecorator {
  return annotateAlso(SET_HEADERS, { name, value })
}

export interface RedirectFact {
  readonly url: string
  readonly status: number
}

export const REDIRECT = new MetadataKey<RedirectFact>('http.redirect')

/** Answers with a redirect; the handler may return `{ url, status? }` to choose another target. Default status: 302. */
export function Redirect(url: string, status = 302): MethodDecorator {
  return annotate(REDIRECT, { url, status })
}

export interface ReturnsFact {
  readonly type: Class<object>
  readonly status?: number
  readonly array?: boolean
}

export interface ReturnsOptions {
  /** The status this model belongs to. Default: the endpoint's own. */
  readonly status?: number
  /** The handler answers a list of it. */
  readonly array?: boolean
}

export const RETURNS = new MetadataListKey<ReturnsFact>('http.returns')

/** The model of the answer: fields it does not declare never leave. */
export function Returns(type: Class<object>, options: ReturnsOptions = {}): MethodDecorator {
  return annotateAlso(RETURNS, { type, ...options })
}

export const THROWS = new MetadataListKey<AbstractClass>('http.throws')

/** Errors a caller must expect, for documents and clients. */
export function Throws(...types: readonly AbstractClass[]): ClassDecorator & MethodDecorator {
  const decorators = types.map((type) => annotateAlso(THROWS, type))
  return (target: object, member?: string | symbol) => {
    for (const decorator of decorators.toReversed()) (decorator as PropertyDecorator)(target, member as string)
  }
}
