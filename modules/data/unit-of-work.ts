/**
 * The ambient transaction. Whoever runs inside `transaction` takes part in it: repositories find it through the call,
 * so nothing is passed around.
 */
import { setTimeout as sleep } from 'node:timers/promises'

import { Injectable, type AbstractClass, type TransactionOptions } from 'tenon/decorators'
import type { EntityManager } from 'typeorm'

import {
  TransactionConflict,
  TransactionDoomed,
  TransactionEnded,
  TransactionMismatch,
  TransactionMissing,
  TransactionNotAwaited,
  TransactionTimeout,
  TransactionUnwanted,
  RequiresNewUnsupported,
} from './data-errors.ts'
import { Database } from './database.ts'
import { SqliteDataSource } from './sqlite/sqlite-data-source.ts'
import { TakenAt } from './transactions/taken-at.ts'
import type { Holder } from './transactions/taken-connections.ts'
import { currentScope, runInScope } from './transactions/current-scope.ts'
import { pauseBefore } from './transactions/pause.ts'
import type { Hook, Scope } from './transactions/scope.ts'
import { Transaction } from './transactions/transaction.ts'

type Work<T> = () => T | Promise<T>

@Injectable()
export class UnitOfWork {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /** Whether the call is inside a transaction. */
  get isActive(): boolean {
    return currentScope(this.#database.source)?.hasEnded === false
  }

  /**
   * TypeORM's manager of the current transaction, or of the database when there is none.
   * @throws `DATA_TRANSACTION_ENDED` for work that outlived its transaction.
   */
  get manager(): EntityManager {
    const { source } = this.#database
    return this.#scope(source)?.transaction.manager ?? source.manager
  }

  /** With what the cursors of pages are signed. @internal */
  get cursorSecret(): Buffer {
    return this.#database.cursorSecret
  }

  /** Notes that a filter is left out, and why. @internal */
  recordLeftOut(entity: AbstractClass, filter: string, reason: string): void {
    this.#database.logger.info(`${entity.name} is used without its filter ${filter}: ${reason}`, {
      entity: entity.name,
      filter,
      reason,
    })
  }

  /**
   * Runs `work` in a transaction: committed when it returns, rolled back when it throws. Inside another one it joins
   * that one unless `propagation` says otherwise, and its failure rolls back the whole, even when somebody catches
   * the error.
   * @throws `DATA_TRANSACTION_DOOMED` when work that joined has failed and its error was caught, `DATA_TRANSACTION_CONFLICT`
   * when another transaction was in the way after every `retry`, `DATA_TRANSACTION_TIMEOUT`,
   * `DATA_TRANSACTION_NOT_AWAITED`, and by propagation `DATA_TRANSACTION_MISSING`, `DATA_TRANSACTION_UNWANTED`,
   * `DATA_TRANSACTION_MISMATCH`, `DATA_REQUIRES_NEW_UNSUPPORTED`.
   * @param holder - Who is named when the connection is held too long. Default: the place of the call.
   * @example `await this.unitOfWork.transaction(async () => { await this.tickets.save(ticket); … })`
   */
  async transaction<T>(work: Work<T>, options: TransactionOptions = {}, holder?: Holder): Promise<T> {
    const outer = this.#scope(this.#database.source)
    const { propagation = 'required' } = options
    if (outer === undefined) {
      if (propagation === 'mandatory') throw new TransactionMissing()
      if (propagation === 'supports' || propagation === 'never') return inTime(work, options)
      return this.#beginAgain(work, options, holder ?? new TakenAt())
    }
    if (propagation === 'never') throw new TransactionUnwanted()
    if (propagation === 'requires-new') {
      // It has one writer, which is the transaction outside: neither could go on.
      if (this.#database.source instanceof SqliteDataSource) throw new RequiresNewUnsupported()
      return this.#beginAgain(work, options, holder ?? new TakenAt())
    }
    requireFit(outer, options)
    return propagation === 'nested' ? this.#nest(outer, work, options) : join(outer, work, options)
  }

  /** @throws `DATA_TRANSACTION_ENDED` for work that outlived its transaction. */
  #scope(source: Database['source']): Scope | undefined {
    const scope = currentScope(source)
    if (scope && (scope.hasEnded || scope.root.hasEnded)) throw new TransactionEnded()
    return scope
  }

  async #beginAgain<T>(work: Work<T>, options: TransactionOptions, holder: Holder): Promise<T> {
    const retry = typeof options.retry === 'object' ? options.retry : { times: options.retry ?? 0 }
    for (let repetition = 0; ; repetition += 1) {
      const transaction = new Transaction(this.#database.source, options, this.#database.taken, holder)
      try {
        return await this.#begin(transaction, work, options)
      } catch (error) {
        if (transaction.conflict === undefined) throw error
        if (repetition >= retry.times) throw new TransactionConflict(repetition + 1).causedBy(transaction.conflict)
      }
      await sleep(pauseBefore(repetition, retry))
    }
  }

  async #begin<T>(transaction: Transaction, work: Work<T>, options: TransactionOptions): Promise<T> {
    const { root } = transaction
    await transaction.begin()
    const outcome = await transaction.enclose(() =>
      runInScope(root, () => settle(root, () => inTime(work, options), options)),
    )
    if (outcome.end === 'keep') {
      try {
        await transaction.commit()
      } catch (error) {
        await this.#call(root.afterRollback)
        throw error
      }
      await this.#call(root.afterCommit)
    } else {
      await transaction.rollback()
      await this.#call(root.afterRollback)
    }
    return outcome.result()
  }

  async #nest<T>(outer: Scope, work: Work<T>, options: TransactionOptions): Promise<T> {
    outer.running += 1
    try {
      const { transaction } = outer
      const scope = await transaction.open(outer)
      const { end, result } = await runInScope(scope, () => settle(scope, () => inTime(work, options), options))
      await transaction.close(scope, end)
      if (end === 'keep') scope.handUp()
      else await this.#call(scope.afterRollback)
      return result()
    } finally {
      outer.running -= 1
    }
  }

  /** The transaction is over; nothing that fails now can change how it ended. */
  async #call(hooks: readonly Hook[]): Promise<void> {
    for (const hook of hooks) {
      try {
        await hook()
      } catch (error) {
        this.#database.logger.error('A hook failed after its transaction had ended.', { error })
      }
    }
  }
}

interface Settled<T> {
  readonly end: 'keep' | 'undo'
  /** Answers what the work did, or throws what it threw. */
  readonly result: () => T
}

/** Runs the work of a scope, and decides how the scope ends. */
async function settle<T>(scope: Scope, work: () => Promise<T>, options: TransactionOptions): Promise<Settled<T>> {
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

async function join<T>(scope: Scope, work: Work<T>, options: TransactionOptions): Promise<T> {
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
async function inTime<T>(work: Work<T>, { timeout }: TransactionOptions): Promise<T> {
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
function requireFit(outer: Scope, { isolation, readOnly }: TransactionOptions): void {
  const begun = outer.transaction.options
  if (isolation !== undefined && isolation !== begun.isolation) {
    throw new TransactionMismatch(`isolation ${isolation}`, begun.isolation ?? 'the default')
  }
  if (readOnly !== undefined && readOnly !== (begun.readOnly ?? false)) {
    throw new TransactionMismatch(`readOnly ${readOnly}`, String(!readOnly))
  }
}
