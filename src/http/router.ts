/**
 * Which endpoint answers a method and a path: find-my-way's radix tree, with a map of the static paths in front of it.
 * Case counts, a trailing slash does not. `ALL` stands for every method a path has no route for, HEAD for GET.
 */

import FindMyWay from '#find-my-way'

import type { HttpMethod } from '../../decorators/index.ts'
import type { PathParameters } from './http-context.ts'
import { canGenerateCode } from '../platform/can-generate-code.ts'
import { METHODS } from '../platform/node-http.ts'
import { PatternRoutes, type PatternMatch } from './pattern-routes.ts'

/** What was registered for a path, and the decoded parameters found in it. */
export interface RouteMatch<T> {
  readonly target: T
  readonly params: PathParameters
}

/** A path that no percent-decoding can read. */
export const MALFORMED_PATH = Symbol('malformed path')

export interface RouteToAdd<T> {
  readonly method: HttpMethod
  /** `/tickets/:id`, `/files/*`. */
  readonly path: string
  readonly target: T
}

/** The parameters of a path that has none. */
export const NO_PARAMS: PathParameters = Object.freeze(Object.create(null) as PathParameters)
const STATIC_PATH = /^[\w./~-]+$/

/** Who knows the paths. */
interface RouteTree {
  add(method: string, path: string, store: unknown): void
  /** Without a store for a path that cannot be decoded. */
  find(method: string, url: string): PatternMatch | null
}

/** find-my-way's tree, whose matcher is generated code. */
class RadixTree implements RouteTree {
  readonly #tree: FindMyWay.Instance<FindMyWay.HTTPVersion.V1>

  constructor(maxParameterLength: number) {
    this.#tree = FindMyWay({
      ignoreTrailingSlash: true,
      maxParamLength: maxParameterLength,
      querystringParser: nothing,
      onBadUrl: nothing,
    })
  }

  add(method: string, path: string, store: unknown): void {
    this.#tree.on(method as FindMyWay.HTTPMethod, path, nothing, store)
  }

  find(method: string, url: string): PatternMatch | null {
    return this.#tree.find(method as FindMyWay.HTTPMethod, url)
  }
}

export class Router<T> {
  readonly #tree: RouteTree
  readonly #statics = new Map<string, Map<string, RouteMatch<T>>>()
  readonly #methods: readonly string[]

  /** @param maxParameterLength - Longest value of one parameter; a longer one is not found. */
  constructor(routes: readonly RouteToAdd<T>[], maxParameterLength: number) {
    this.#tree = canGenerateCode() ? new RadixTree(maxParameterLength) : new PatternRoutes(maxParameterLength)
    const methods = new Set<string>()
    for (const { method, path, target } of expand(routes)) {
      methods.add(method)
      this.#tree.add(method, path, target)
      if (STATIC_PATH.test(path)) this.#addStatic(method, path, target)
    }
    this.#methods = METHODS.filter((method) => methods.has(method))
  }

  /** @param url - The request target as it came, query included. */
  find(method: string, url: string): RouteMatch<T> | typeof MALFORMED_PATH | undefined {
    const known = this.#statics.get(method)?.get(url)
    if (known) return known
    const found = this.#tree.find(method, url)
    if (!found) return undefined
    // find-my-way answers an undecodable path with a match that has no store.
    return found.store === null ? MALFORMED_PATH : { target: found.store as T, params: found.params }
  }

  /** The methods a path has routes for, in a fixed order; for every path with `*`. OPTIONS is always answered. */
  allowedMethods(url: string): readonly string[] {
    const found = url === '*' ? this.#methods : this.#methods.filter((method) => this.find(method, url) !== undefined)
    return found.length === 0 || found.includes('OPTIONS') ? found : [...found, 'OPTIONS']
  }

  /** Whether no percent-decoding can read the path, for methods without any route too. */
  isMalformed(url: string): boolean {
    return this.#methods.some((method) => this.find(method, url) === MALFORMED_PATH)
  }

  #addStatic(method: string, path: string, target: T): void {
    const paths = this.#statics.get(method) ?? new Map<string, RouteMatch<T>>()
    this.#statics.set(method, paths)
    paths.set(path, { target, params: NO_PARAMS })
  }
}

/** Writes `ALL` and HEAD out, so that the most specific path wins whatever word it was declared with. */
function expand<T>(routes: readonly RouteToAdd<T>[]): readonly (Omit<RouteToAdd<T>, 'method'> & { method: string })[] {
  const expanded: (Omit<RouteToAdd<T>, 'method'> & { method: string })[] = routes.filter(
    ({ method }) => method !== 'ALL',
  )
  const taken = new Set(expanded.map(({ method, path }) => `${method} ${shapeOf(path)}`))
  const fill = (method: string, { path, target }: RouteToAdd<T>): void => {
    const key = `${method} ${shapeOf(path)}`
    if (taken.has(key)) return
    taken.add(key)
    expanded.push({ method, path, target })
  }
  for (const route of routes) if (route.method === 'GET') fill('HEAD', route)
  for (const route of routes) if (route.method === 'ALL') for (const method of METHODS) fill(method, route)
  return expanded
}

/** Paths that differ in the names of their parameters or by a trailing slash are the same path. */
function shapeOf(path: string): string {
  return path.replaceAll(/:[^/.-]+/g, ':').replace(/(.)\/$/, '$1')
}

function nothing(): void {}
