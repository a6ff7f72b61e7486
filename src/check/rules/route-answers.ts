/** Status codes, headers and redirects that could not be sent. */

import {
  HTTP_CODE,
  REDIRECT,
  RETURNS,
  ROUTES,
  SET_HEADERS,
  type HeaderFact,
  type Written,
} from '../../../decorators/index.ts'
import type { ModuleGraph } from '../../graph/module-graph.ts'
import type { CheckRule } from '../check-rule.ts'
import { defineDiagnostic, type Diagnostic } from '../diagnostic.ts'
import { handlersOf, type Handler } from '../handlers.ts'
import { validateHeaderName, validateHeaderValue } from '../../platform/node-http.ts'

export const StatusInvalid = defineDiagnostic({
  code: 'ROUTE_STATUS_INVALID',
  message: (handler: string, status: number, reason: string) => `${handler} answers ${status}, which ${reason}.`,
  help: (_handler, _status, reason) =>
    reason.includes('body')
      ? 'Answer 200, or drop @Returns().'
      : 'Use a whole number from 200 to 599, such as @HttpCode(202).',
})

export const HeaderInvalid = defineDiagnostic({
  code: 'ROUTE_HEADER_INVALID',
  message: (owner: string, name: string, reason: string) => `${owner} sets the header "${name}", ${reason}.`,
  help: (_owner, _name, reason) =>
    reason.includes('server')
      ? 'Remove it.'
      : 'Use letters, digits and hyphens in the name, and printable ASCII in the value.',
})

export const RedirectInvalid = defineDiagnostic({
  code: 'ROUTE_REDIRECT_INVALID',
  message: (handler: string, url: string, status: number, reason: string) =>
    `${handler} redirects to "${url}" with ${status}: ${reason}.`,
  help: 'Give a path or an http(s) URL, and one of 301, 302, 303, 307, 308.',
})

/** Answers that have no body. RFC 9110 §15.3.5, §15.3.6, §15.4.5 */
const BODILESS: ReadonlySet<number> = new Set([204, 205, 304])
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308])
const FRAMING: ReadonlySet<string> = new Set([
  'content-length',
  'transfer-encoding',
  'connection',
  'keep-alive',
  'trailer',
  'upgrade',
])

export const routeAnswers: CheckRule = ({ graph }) => [
  ...handlersOf(graph).flatMap((handler) => [...statuses(handler), ...redirects(handler), ...methodHeaders(handler)]),
  ...classHeaders(graph),
]

function statuses({ name, endpoint: { type, method } }: Handler): readonly Diagnostic[] {
  const code = HTTP_CODE.written(type, method)
  const own = [
    ...(code ? [code] : []),
    ...ROUTES.written(type, method).flatMap(({ value: { status }, at }) =>
      status === undefined ? [] : [{ value: status, at }],
    ),
  ]
  const models = RETURNS.written(type, method)
  const ofModels = models.flatMap(({ value: { status }, at }) => (status === undefined ? [] : [{ value: status, at }]))
  const hasModel = models.some(({ value: { status } }) => status === undefined)
  return [
    ...[...own, ...ofModels]
      .filter(({ value }) => !isStatus(value))
      .map(({ value, at }) => StatusInvalid({ at }, name, value, 'is no status of a final answer')),
    ...[...(hasModel ? own : []), ...ofModels]
      .filter(({ value }) => BODILESS.has(value))
      .map(({ value, at }) => StatusInvalid({ at }, name, value, 'has no body, and @Returns() declares one')),
  ]
}

function isStatus(status: number): boolean {
  return Number.isInteger(status) && status >= 200 && status <= 599
}

function redirects({ name, endpoint: { type, method } }: Handler): readonly Diagnostic[] {
  const written = REDIRECT.written(type, method)
  if (!written) return []
  const {
    value: { url, status },
    at,
  } = written
  const reason = REDIRECTS.has(status) ? urlProblem(url) : `${status} is no redirect`
  return reason === undefined ? [] : [RedirectInvalid({ at }, name, url, status, reason)]
}

function urlProblem(url: string): string | undefined {
  if (url === '') return 'the target is empty'
  if (/[\s\p{Cc}]/u.test(url)) return 'the target contains white space'
  const target = URL.parse(url, 'http://localhost')
  if (!target) return 'the target is no URL'
  return /^https?:$/.test(target.protocol) ? undefined : `the target's scheme is ${target.protocol}`
}

function methodHeaders({ name, endpoint: { type, method } }: Handler): readonly Diagnostic[] {
  return SET_HEADERS.written(type, method).flatMap((written) => headerProblem(name, written))
}

function classHeaders({ endpoints, modules }: ModuleGraph): readonly Diagnostic[] {
  const owners = new Set([...endpoints.map(({ type }) => type), ...modules.map(({ type }) => type)])
  return [...owners].flatMap((type) =>
    SET_HEADERS.written(type).flatMap((written) => headerProblem(type.name, written)),
  )
}

function headerProblem(owner: string, { value: { name, value }, at }: Written<HeaderFact>): readonly Diagnostic[] {
  const make = (reason: string): readonly Diagnostic[] => [HeaderInvalid({ at }, owner, name, reason)]
  if (!isAccepted(() => validateHeaderName(name))) return make('which is no header name')
  if (FRAMING.has(name.toLowerCase())) return make('which the server writes itself')
  return isAccepted(() => validateHeaderValue(name, value)) ? [] : make('whose value cannot be sent')
}

function isAccepted(validate: () => void): boolean {
  try {
    validate()
    return true
  } catch {
    return false
  }
}
