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
  const subject = begunLower(subjectOf(endpoint))
  return saysMethod(subject, method) ? subject : `${subject}${method.charAt(0).toUpperCase()}${method.slice(1)}`
}

/** `SignUpController.signUp` and `TokenLoginController.logIn` say it twice. */
function saysMethod(subject: string, method: string): boolean {
  const start = subject.length - method.length
  const isWord = start === 0 || /\p{Lu}/u.test(subject.charAt(start))
  return isWord && subject.toLowerCase().endsWith(method.toLowerCase())
}

/**
 * What clients call an operation within its tag where several controllers share the tag: `totp.begin` for `MfaTotp.begin`
 * below `MFA`, `sessions.list` for `Sessions.list` below `Accounts`. It follows from the operation's own controller and tag
 * alone, so no other operation changes it.
 * @param id - The `operationId`, unique.
 * @returns `undefined` where the `operationId` without the tag says it already, as `ticketsList` below `Tickets` does.
 */
export function nestedNameOf(endpoint: Endpoint, id: string, tag: string): string | undefined {
  const subject = begunLower(subjectOf(endpoint))
  const method = begunLower(id.slice(subject.length))
  const isChosen = DOC.read(endpoint.type, endpoint.method)?.operationId !== undefined
  if (isChosen || method === '' || saysMethod(subject, String(endpoint.method))) return undefined
  const group = beyondTag(subject, tag)
  if (group !== '') return `${group}.${method}`
  return subject.toLowerCase().startsWith(wordOf(tag).toLowerCase()) ? undefined : method
}

/** `totp` of `mfaTotp` below `MFA`, `roles` of `roles` below `Admin`; nothing of `tickets` below `Tickets` or `Ticket`. */
function beyondTag(subject: string, tag: string): string {
  const group = wordOf(tag)
  if (singular(subject) === singular(group)) return ''
  const rest = subject.slice(group.length)
  const isWithin = subject.toLowerCase().startsWith(group.toLowerCase()) && /^\p{Lu}/u.test(rest)
  return isWithin ? begunLower(rest) : subject
}

function wordOf(tag: string): string {
  return tag.replaceAll(/[^\p{L}\p{N}]+/gu, '')
}

function singular(name: string): string {
  return name.toLowerCase().replace(/s$/, '')
}

function begunLower(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1)
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
  if (said !== undefined) return said
  const subject = begunLower(subjectOf(endpoint))
  if (saysMethod(subject, String(method))) return sentence(subject)
  // Where several controllers share a tag, each may have a `list`.
  const group = beyondTag(subject, tagsOf(endpoint)[0] ?? '')
  return group === '' ? sentence(String(method)) : `${sentence(group)}: ${sentence(String(method)).toLowerCase()}`
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
