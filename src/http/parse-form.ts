/** `a=1&b=2`: query strings and forms. A name given several times becomes a list of texts. */
import { parse } from 'node:querystring'

import { BodyKeyForbidden } from './request-errors.ts'

/** Values by name; without a prototype, so that no name means anything but itself. */
export type FormFields = Record<string, string | string[] | undefined>

const FORBIDDEN: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype'])

/** @throws `REQUEST_BODY_KEY_FORBIDDEN` */
export function parseForm(text: string): FormFields {
  const fields: FormFields = parse(text, '&', '=', { maxKeys: 0 })
  for (const name in fields) refuseForbiddenName(name)
  return fields
}

/** Adds one more value under a name. */
export function addField(fields: FormFields, name: string, value: string): void {
  refuseForbiddenName(name)
  const present = fields[name]
  if (present === undefined) fields[name] = value
  else if (typeof present === 'string') fields[name] = [present, value]
  else present.push(value)
}

export function emptyForm(): FormFields {
  return Object.create(null) as FormFields
}

function refuseForbiddenName(name: string): void {
  if (FORBIDDEN.has(name)) throw new BodyKeyForbidden(name)
}
