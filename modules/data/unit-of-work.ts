/**
 * The ambient transaction. Whoever runs inside `transaction` takes part in it: repositories find it through the call,
 * so nothing is passed around.
 */
import { AsyncLocalStorage } from 'node:async_hooks'

import { Injectable } from 'tenon/decorators'
import type { EntityManager } from 'typeorm'
import type { IsolationLevel } from 'typeorm/driver/types/IsolationLevel.js'

import { TransactionDoomed, TransactionEnded } from './data-errors.ts'
import { Database } from './database.ts'

export interface TransactionOptions {
  /** Default: the database's own. SQLite's is always `SERIALIZABLE`. Only the outermost transaction chooses. */
  readonly isolation?: IsolationLevel
}

/** One open transaction. */
interface Transaction {
  readonly manager: EntityManager
  hasEnded: boolean
  /** What failed inside of it: it cannot be committed any more. */
  failure: { readonly error: unknown } | undefined
}

@Injectable()
export class UnitOfWork {
  readonly #database: Database
  readonly #current = new AsyncLocalStorage<Transaction>()

  constructor(database: Database) {
    this.#database = database
  }

  /** Whether the call is inside a transaction. */
  get isActive(): boolean {
    return this.#current.getStore()?.hasEnded === false
  }

  /**
   * TypeORM's manager of the current transaction, or of the database when there is none.
   * @throws `DATA_TRANSACTION_ENDED` for work that outlived its transaction.
   */
  get manager(): EntityManager {
    const transaction = this.#current.getStore()
    if (transaction === undefined) return this.#database.source.manager
    if (transaction.hasEnded) throw new TransactionEnded()
    return transaction.manager
  }

  /**
   * Runs `work` in a transaction: committed when it returns, rolled back when it throws. Inside another one it joins
   * that one, and its failure rolls back the whole, even when somebody catches the error.
   * @throws `DATA_TRANSACTION_DOOMED` when work that joined has failed and its error was caught.
   * @example `await this.unitOfWork.transaction(async () => { await this.tickets.save(ticket); … })`
   */
  async transaction<T>(work: () => T | Promise<T>, { isolation }: TransactionOptions = {}): Promise<T> {
    const outer = this.#current.getStore()
    if (outer?.hasEnded) throw new TransactionEnded()
    if (outer) return join(outer, work)
    const run = (manager: EntityManager): Promise<T> => this.#run(manager, work)
    const { manager } = this.#database.source
    return isolation === undefined ? manager.transaction(run) : manager.transaction(isolation, run)
  }

  async #run<T>(manager: EntityManager, work: () => T | Promise<T>): Promise<T> {
    const transaction: Transaction = { manager, hasEnded: false, failure: undefined }
    try {
      const result = await this.#current.run(transaction, work)
      if (transaction.failure) throw new TransactionDoomed().causedBy(transaction.failure.error)
      return result
    } finally {
      transaction.hasEnded = true
    }
  }
}

async function join<T>(transaction: Transaction, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    transaction.failure ??= { error }
    throw error
  }
}
