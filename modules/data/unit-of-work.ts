/**
 * The ambient transaction. Whoever runs inside `transaction` takes part in it: repositories find it through the call,
 * so nothing is passed around.
 */
import { setTimeout as sleep } from 'node:timers/promises'

import { Injectable, type AbstractClass, type TransactionOptions } from 'tenon/decorators'
import type { EntityManager } from 'typeorm'

import {
  TransactionConflict,
  TransactionElsewhere,
  TransactionEnded,
  TransactionMissing,
  TransactionUnwanted,
  RequiresNewUnsupported,
} from './transactions/transaction-errors.ts'
import { noteAsked } from './asked-at.ts'
import { Database } from './database.ts'
import { SqliteDataSource } from './sqlite/sqlite-data-source.ts'
import { isOnReplica } from './replicas/route.ts'
import { TakenAt } from './transactions/taken-at.ts'
import type { Holder } from './transactions/taken-connections.ts'
import { currentScope, runInScope } from './transactions/current-scope.ts'
import { pauseBefore } from './transactions/pause.ts'
import { inTime, join, requireFit, settle, type Work } from './transactions/run-work.ts'
import type { Hook, Scope } from './transactions/scope.ts'
import { Transaction } from './transactions/transaction.ts'

@Injectable()
export class UnitOfWork {
  readonly #database: Database
  readonly #others = new Map<string, UnitOfWork>()
  /** For rows of everybody, where owners have databases of their own. */
  #shared: UnitOfWork | undefined
  #isShared = false

  constructor(database: Database) {
    this.#database = database
  }

  /**
   * That of another source.
   * @param source - As `@DataSource` has it. Default: this one.
   * @throws `DATA_SOURCE_UNKNOWN`
   */
  of(source: string = this.#database.name): UnitOfWork {
    if (source === this.#database.name) return this
    let found = this.#others.get(source)
    if (!found) {
      found = new UnitOfWork(this.#database.named(source))
      this.#others.set(source, found)
    }
    return found
  }

  /** That of the source which holds an entity. @internal */
  holding(entity: AbstractClass): UnitOfWork {
    return this.of(this.#database.homeOf(entity).name)
  }

  /** That of the database with the rows of an entity, for the running code. @throws `DATA_ROWS_APART` @internal */
  keeping(entity: AbstractClass): UnitOfWork {
    if (this.#isShared || !this.#database.hasOwnerDatabases) return this
    if (this.#database.holding(entity) === this.#database.current) return this
    this.#shared ??= new UnitOfWork(this.#database).#asShared()
    return this.#shared
  }

  #asShared(): this {
    this.#isShared = true
    return this
  }

  get #source(): Database['source'] {
    return this.#isShared ? this.#database.source : this.#database.current
  }

  /** Whether the call is inside a transaction. */
  get isActive(): boolean {
    return currentScope(this.#source)?.hasEnded === false
  }

  /**
   * TypeORM's manager of the current transaction, or of the database when there is none.
   * @throws `DATA_TRANSACTION_ENDED` for work that outlived its transaction.
   */
  get manager(): EntityManager {
    noteAsked()
    const source = this.#source
    return this.#scope(source)?.transaction.manager ?? source.manager
  }

  /**
   * Reads where the running code has to: in its transaction; from the primary, when the call has written or there are no
   * replicas; else from a replica.
   * @param mayBeOld - From a replica in any case. Default: as `@Replica` and `onReplica` say.
   */
  read<T>(read: (manager: EntityManager) => T | Promise<T>, mayBeOld?: boolean): T | Promise<T> {
    const { manager } = this
    const { replicas } = this.#database
    // Databases of owners have no replicas.
    if (!replicas || this.#source !== this.#database.source) return read(manager)
    if (!(mayBeOld ?? isOnReplica()) && (this.isActive || replicas.writes.mustSee())) return read(manager)
    return replicas.read(read, manager)
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
   * `DATA_TRANSACTION_MISMATCH`, `DATA_REQUIRES_NEW_UNSUPPORTED`, `DATA_TRANSACTION_ELSEWHERE`.
   * @param holder - Who is named when the connection is held too long. Default: the place of the call.
   * @example `await this.unitOfWork.transaction(async () => { await this.tickets.save(ticket); … })`
   */
  async transaction<T>(work: Work<T>, options: TransactionOptions = {}, holder?: Holder): Promise<T> {
    const { source, ...own } = options
    return source === undefined ? this.#transaction(work, own, holder) : this.of(source).#transaction(work, own, holder)
  }

  async #transaction<T>(work: Work<T>, options: TransactionOptions, holder?: Holder): Promise<T> {
    const outer = this.#scope(this.#source)
    const { propagation = 'required' } = options
    if (outer === undefined) {
      if (propagation === 'mandatory') throw new TransactionMissing()
      if (propagation === 'supports' || propagation === 'never') return inTime(work, options)
      const { elsewhere, name } = this.#database
      if (elsewhere && propagation !== 'requires-new') throw new TransactionElsewhere(name, elsewhere.name)
      return this.#beginAgain(work, options, holder ?? new TakenAt())
    }
    if (propagation === 'never') throw new TransactionUnwanted()
    if (propagation === 'requires-new') {
      // It has one writer, which is the transaction outside: neither could go on.
      if (this.#source instanceof SqliteDataSource) throw new RequiresNewUnsupported()
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
      const transaction = new Transaction(this.#source, options, this.#database.taken, holder)
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
