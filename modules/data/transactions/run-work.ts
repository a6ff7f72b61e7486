/** Runs work in a scope of a transaction, and decides how the scope ends. */
import type { TransactionOptions } from 'tenon/decorators'

import type { Scope } from './scope.ts'
import {
  TransactionDoomed,
  TransactionMismatch,
  TransactionNotAwaited,
  TransactionTimeout,
} from './transaction-errors.ts'

export type Work<T> = () => T | Promise<T>

interface Settled<T> {
  readonly end: 'keep' | 'undo'
  /** Answers what the work did, or throws what it threw. */
  readonly result: () => T
}

/** Runs the work of a scope, and decides how the scope ends. */
export async function settle<T>(
  scope: Scope,
  work: () => Promise<T>,
  options: TransactionOptions,
): Promise<Settled<T>> {
  try {
    const result = await work()
    await prepareCommit(scope)
    return { end: scope.isRollbackOnly ? 'undo' : 'keep', result: () => result }
  } catch (error) {
    const result = (): never => {
      throw error
    }
    if (!passes(error, options) || scope.isRollbackOnly) return { end: 'undo', result }
    try {
      await prepareCommit(scope)
    } catch {
      return { end: 'undo', result }
    }
    return { end: 'keep', result }
  }
}

/** @throws `DATA_TRANSACTION_DOOMED`, `DATA_TRANSACTION_NOT_AWAITED`, and what a hook throws. */
async function prepareCommit(scope: Scope): Promise<void> {
  requireWhole(scope)
  // Those of a savepoint wait for the whole, whose hooks may add hooks.
  if (scope.parent) return
  for (let hooks = scope.takeBeforeCommit(); hooks.length > 0; hooks = scope.takeBeforeCommit()) {
    for (const hook of hooks) await hook()
  }
  requireWhole(scope)
}

function requireWhole(scope: Scope): void {
  const failure = scope.doom ?? scope.broken
  if (failure) throw new TransactionDoomed().causedBy(failure.error)
  if (scope.running > 0 && !scope.isRollbackOnly) throw new TransactionNotAwaited()
}

export async function join<T>(scope: Scope, work: Work<T>, options: TransactionOptions): Promise<T> {
  scope.running += 1
  try {
    return await inTime(work, options)
  } catch (error) {
    if (!passes(error, options)) scope.doom ??= { error }
    throw error
  } finally {
    scope.running -= 1
  }
}

/** Work that goes on after its time is refused its next statement. */
export async function inTime<T>(work: Work<T>, { timeout }: TransactionOptions): Promise<T> {
  if (timeout === undefined) return work()
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => late.reject(new TransactionTimeout(timeout)), timeout)
  try {
    return await Promise.race([work(), late.promise])
  } finally {
    clearTimeout(timer)
  }
}

function passes(error: unknown, { noRollbackFor = [] }: TransactionOptions): boolean {
  return noRollbackFor.some((type) => error instanceof type)
}

/** What was asked for cannot be given by a transaction that has begun otherwise. */
export function requireFit(outer: Scope, { isolation, readOnly }: TransactionOptions): void {
  const begun = outer.transaction.options
  if (isolation !== undefined && isolation !== begun.isolation) {
    throw new TransactionMismatch(`isolation ${isolation}`, begun.isolation ?? 'the default')
  }
  if (readOnly !== undefined && readOnly !== (begun.readOnly ?? false)) {
    throw new TransactionMismatch(`readOnly ${readOnly}`, String(!readOnly))
  }
}
