/** The scope that the running code is in: one for each data source at most, the innermost first. */
import { AsyncLocalStorage } from 'node:async_hooks'

import type { DataSource } from 'typeorm'

import type { Scope } from './scope.ts'

interface Frame {
  readonly scope: Scope
  readonly outer: Frame | undefined
}

const CURRENT = new AsyncLocalStorage<Frame>()

/** The scope in this source's transaction, or in that of any source. */
export function currentScope(source?: DataSource): Scope | undefined {
  let frame = CURRENT.getStore()
  while (frame && source && frame.scope.transaction.source !== source) frame = frame.outer
  return frame?.scope
}

/** The scope in exactly this transaction; requires-new may stand before it. */
export function scopeIn(transaction: object): Scope | undefined {
  let frame = CURRENT.getStore()
  while (frame && frame.scope.transaction !== transaction) frame = frame.outer
  return frame?.scope
}

export function runInScope<T>(scope: Scope, work: () => T): T {
  return CURRENT.run({ scope, outer: CURRENT.getStore() }, work)
}
