/** What operations are called: by clients (`ticketsList`), by readers (`Sign up`), and in which group. */
import type { Endpoint } from 'tenon'
import { CONTROLLER, DOC, ROUTES } from 'tenon/decorators'

import type { OperationMethod } from './openapi-document.ts'

/** `TicketsController` → `Tickets`. */
export function subjectOf({ type }: Endpoint): string {
  return type.name.replace(/Controller$/, '') || type.name
}

export function operationIdOf(endpoint: Endpoint): string {
  const said = DOC.read(endpoint.type, endpoint.method)?.operationId
  if (said !== undefined) return said
  const method = String(endpoint.method)
  const subject = `${subjectOf(endpoint).charAt(0).toLowerCase()}${subjectOf(endpoint).slice(1)}`
  // `SignUpController.signUp` says it twice.
  return subject === method ? method : `${subject}${method.charAt(0).toUpperCase()}${method.slice(1)}`
}

/** Each name once: a second operation of the same name has its HTTP method behind it, a third its path. */
export function uniqueId(id: string, method: OperationMethod, path: string, taken: Set<string>): string {
  const byMethod = `${id}${method.charAt(0).toUpperCase()}${method.slice(1)}`
  const byPath = `${byMethod}${path.replaceAll(/[^\w]+(\w?)/g, (_all, letter: string) => letter.toUpperCase())}`
  const candidates = [id, byMethod, byPath]
  let free = candidates.find((each) => !taken.has(each))
  for (let number = 2; free === undefined; number += 1)
    if (!taken.has(`${byPath}${number}`)) free = `${byPath}${number}`
  taken.add(free)
  return free
}

export function summaryOf(endpoint: Endpoint): string {
  const { type, method, route } = endpoint
  const said =
    DOC.read(type, method)?.summary ??
    ROUTES.read(type, method).find(({ path }) => route?.path.endsWith(path.replace(/\/$/, '')))?.summary
  return said ?? sentence(String(method))
}

export function tagsOf(endpoint: Endpoint): readonly string[] {
  const { type, method } = endpoint
  return (
    DOC.read(type, method)?.tags ??
    DOC.read(type)?.tags ??
    CONTROLLER.read(type)?.tags ?? [sentence(subjectOf(endpoint))]
  )
}

/** `signUp` → `Sign up` */
function sentence(name: string): string {
  const words = name
    .replaceAll(/([a-z\d])([A-Z])/g, '$1 $2')
    .replaceAll(/[_$]+/g, ' ')
    .trim()
    .toLowerCase()
  return words.charAt(0).toUpperCase() + words.slice(1)
}
