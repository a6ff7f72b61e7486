/**
 * Routes by regular expressions, most specific first: what find-my-way answers, for runtimes that forbid the code which
 * it generates. Slower by the number of routes that begin alike.
 */
import type { PathParameters } from './http-context.ts'
import { parametersOf } from './route-pattern.ts'

/** As find-my-way answers: without a store for a path that cannot be decoded. */
export interface PatternMatch {
  readonly store: unknown
  readonly params: PathParameters
}

interface PatternRoute {
  readonly pattern: RegExp
  readonly names: readonly string[]
  /** Compares as the path does: text before parameters, parameters before the rest. */
  readonly rank: string
  readonly store: unknown
}

const MALFORMED: PatternMatch = { store: null, params: Object.create(null) as PathParameters }

export class PatternRoutes {
  readonly #byMethod = new Map<string, Map<string, PatternRoute[]>>()
  readonly #maxParameterLength: number

  /** @param maxParameterLength - A path with a longer parameter is not found. */
  constructor(maxParameterLength: number) {
    this.#maxParameterLength = maxParameterLength
  }

  add(method: string, path: string, store: unknown): void {
    const routes = this.#byMethod.get(method) ?? new Map<string, PatternRoute[]>()
    this.#byMethod.set(method, routes)
    const first = firstSegment(path)
    const key = /[:*]/.test(first) ? '' : first
    const route = { pattern: patternOf(path), names: parametersOf(path), rank: rankOf(path), store }
    routes.set(
      key,
      [...(routes.get(key) ?? []), route].toSorted((a, b) => (a.rank < b.rank ? -1 : Number(a.rank > b.rank))),
    )
  }

  /** @param url - The request target as it came, query included. */
  find(method: string, url: string): PatternMatch | null {
    const routes = this.#byMethod.get(method)
    if (!routes) return null
    const path = decoded(pathOf(url))
    if (path === undefined) return MALFORMED
    // Text wins over parameters, so those that begin with the very segment come first.
    return this.#match(routes.get(firstSegment(path)), path) ?? this.#match(routes.get(''), path) ?? null
  }

  #match(routes: readonly PatternRoute[] | undefined, path: string): PatternMatch | undefined {
    routes: for (const { pattern, names, store } of routes ?? []) {
      const found = pattern.exec(path)
      if (!found) continue
      const params = Object.create(null) as Record<string, string | undefined>
      for (const [index, name] of names.entries()) {
        const value = found[index + 1] ?? ''
        if (name !== '*' && value.length > this.#maxParameterLength) continue routes
        params[name] = decodeReserved(value)
      }
      return { store, params }
    }
    return undefined
  }
}

function firstSegment(path: string): string {
  return path.slice(1).split('/', 1)[0] ?? ''
}

/** Without scheme and host, query, and one slash at the end. */
function pathOf(url: string): string {
  const from = url.startsWith('/') ? 0 : url.indexOf('/', url.indexOf('://') + 3)
  const [path = ''] = url.slice(Math.max(0, from)).split(/[?#]/, 1)
  return path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path
}

/** All but what would change the path's structure; that is decoded in parameters. */
function decoded(path: string): string | undefined {
  if (!path.includes('%')) return path
  try {
    return decodeURI(path.replaceAll('%25', '%2525'))
  } catch {
    return undefined
  }
}

function decodeReserved(value: string): string {
  return value.includes('%') ? decodeURIComponent(value) : value
}

const PIECES = /::|:[^/.:-]*|\*|[^:*]+/g

/** A parameter takes as much of its segment as leaves enough for what is behind it. */
function patternOf(path: string): RegExp {
  const source = (trimmed(path).match(PIECES) ?? []).map((piece) => {
    if (piece === '::') return ':'
    if (piece === '*') return '(.*)'
    return piece.startsWith(':') ? '([^/]*)' : piece.replaceAll(/[$()*+.?[\\\]^{|}]/g, '\\$&')
  })
  return new RegExp(`^${source.join('')}$`, 's')
}

/** Text sorts before parameters, parameters with text behind them before those without, and the rest last. */
function rankOf(path: string): string {
  const pieces = trimmed(path).match(PIECES) ?? []
  return pieces
    .map((piece, index) => {
      if (piece === '*') return '\uffff'
      if (!piece.startsWith(':') || piece === '::') return piece
      return /^[^/]/.test(pieces[index + 1] ?? '/') ? '\ufffd' : '\ufffe'
    })
    .join('')
}

function trimmed(path: string): string {
  return path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path
}
