/** `a=1&b=2`: query strings and forms. A name given several times becomes a list of texts. */
import { parse } from 'node:querystring'

import { BodyKeyForbidden } from './request-errors.ts'

/** Values by name; without a prototype, so that no name means anything but itself. */
export type FormFields = Record<string, string | string[] | undefined>

const FORBIDDEN: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype'])

/** @throws `REQUEST_BODY_KEY_FORBIDDEN` */
export function parseForm(text: string): FormFields {
  return PLAIN.test(text) ? parsePlain(text) : parseEncoded(text)
}

/** Nothing to decode, and no name that means something else on an object. */
const PLAIN =
  /^(?!.*(?:__proto__|constructor|prototype))[\w.,:;@/~*!$()-]+=[\w.,:;@/~*!$()=-]*(?:&[\w.,:;@/~*!$()-]+=[\w.,:;@/~*!$()=-]*)*$/

function parsePlain(text: string): FormFields {
  const fields = emptyForm()
  let start = 0
  while (start < text.length) {
    const equals = text.indexOf('=', start)
    const found = text.indexOf('&', equals)
    const end = found === -1 ? text.length : found
    addValue(fields, text.slice(start, equals), text.slice(equals + 1, end))
    start = end + 1
  }
  return fields
}

function parseEncoded(text: string): FormFields {
  const fields: FormFields = parse(text, '&', '=', { maxKeys: 0 })
  for (const name in fields) refuseForbiddenName(name)
  return fields
}

/** Adds one more value under a name. */
export function addField(fields: FormFields, name: string, value: string): void {
  refuseForbiddenName(name)
  addValue(fields, name, value)
}

function addValue(fields: FormFields, name: string, value: string): void {
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
