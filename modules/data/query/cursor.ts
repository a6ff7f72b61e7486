/** Cursors: where a page ended, signed, so that a caller can neither read a promise into one nor make one up. */
import { createHmac, timingSafeEqual } from 'node:crypto'

import { CursorInvalid } from './query-errors.ts'

/** The values by which the last row of a page stands in the order. */
export type CursorValue = string | number | boolean

/**
 * @param list - What the cursor is for: it is of no use with another entity or order.
 * @returns Letters, digits, `-`, `_` and `.`.
 */
export function writeCursor(values: readonly CursorValue[], list: string, secret: Buffer): string {
  const text = Buffer.from(JSON.stringify(values)).toString('base64url')
  return `${text}.${sign(text, list, secret).toString('base64url')}`
}

/** @throws `DATA_CURSOR_INVALID` */
export function readCursor(cursor: string, list: string, secret: Buffer): readonly CursorValue[] {
  const [text = '', signature = ''] = cursor.split('.')
  const given = Buffer.from(signature, 'base64url')
  const expected = sign(text, list, secret)
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) throw new CursorInvalid()
  return JSON.parse(Buffer.from(text, 'base64url').toString()) as readonly CursorValue[]
}

function sign(text: string, list: string, secret: Buffer): Buffer {
  return createHmac('sha256', secret).update(`${list}\n${text}`).digest().subarray(0, 16)
}
