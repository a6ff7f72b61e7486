import { hash } from 'node:crypto'

import type { AccountRecord } from 'tenon/auth'

/** Tells passwords of an account apart: what was begun or remembered with one ends with it. */
export function passwordMark({ passwordHash }: AccountRecord): string {
  return hash('sha256', passwordHash ?? '')
}
