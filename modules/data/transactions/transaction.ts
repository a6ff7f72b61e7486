/**
 * One transaction on one connection. Every statement passes here, whoever sends it: it waits its turn, and is refused
 * when what it belongs to has ended or has failed.
 */
import { AsyncLocalStorage } from 'node:async_hooks'

import type { TransactionOptions } from 'tenon/decorators'
import type { DataSource, EntityManager, QueryRunner } from 'typeorm'

import { PoolExhausted, TransactionDoomed, TransactionEnded, TransactionReadOnly } from './transaction-errors.ts'
import { SqliteDataSource } from '../sqlite/sqlite-data-source.ts'
import { isConflict, isReadOnlyRefusal } from './conflict.ts'
import { scopeIn } from './current-scope.ts'
import { limitsOf } from './limits.ts'
import { Scope } from './scope.ts'
import type { Holder, TakenConnections } from './taken-connections.ts'
import { Turns } from './turns.ts'

/** Longest that a statement waits for a savepoint beside it to end. */
const STALL_LIMIT_MS = 30_000

type Query = QueryRunner['query']

export class Transaction {
  readonly source: DataSource
  readonly root: Scope
  readonly options: TransactionOptions
  /** The database asked to begin again: the whole transaction is lost, whatever is caught. */
  conflict: unknown
  readonly #runner: QueryRunner
  readonly #turns: Turns<Scope>
  /** Set while this object itself sends BEGIN, COMMIT and the like, which wait for nobody. */
  readonly #own = new AsyncLocalStorage<true>()
  readonly #taken: TakenConnections
  readonly #holder: Holder
  #savepoints = 0
  #giveBack: (() => void) | undefined

  constructor(source: DataSource, options: TransactionOptions, taken: TakenConnections, holder: Holder) {
    this.#taken = taken
    this.#holder = holder
    this.source = source
    this.options = options
    this.root = new Scope(this, 'transaction')
    this.#turns = new Turns(this.root, STALL_LIMIT_MS)
    this.#runner = source.createQueryRunner()
    const query = this.#runner.query.bind(this.#runner)
    Object.assign(this.#runner, {
      query: (...args: Parameters<Query>) =>
        this.#own.getStore() ? query(...args) : this.#inTurn(() => query(...args)),
    })
  }

  get manager(): EntityManager {
    return this.#runner.manager
  }

  /** Runs `work` so that it is known to be this transaction's. */
  enclose<T>(work: () => T): T {
    return this.source instanceof SqliteDataSource ? this.source.inCallOf(this.#runner, work) : work()
  }

  /** @throws `DATA_POOL_EXHAUSTED` when no connection becomes free in time. */
  async begin(): Promise<void> {
    await this.#connect()
    try {
      await this.#own.run(true, async () => {
        for (const sql of limitsOf(this.source, this.options).before) await this.#runner.query(sql)
        // SQLite's are always serializable, which is as strict as any.
        const isolation = this.source instanceof SqliteDataSource ? undefined : this.options.isolation
        await this.#runner.startTransaction(isolation)
        for (const sql of limitsOf(this.source, this.options).after) await this.#runner.query(sql)
      })
    } catch (error) {
      if (isConflict(error)) this.conflict = error
      await this.#abandon(error)
      throw error
    }
  }

  async #connect(): Promise<void> {
    const late = Promise.withResolvers<never>()
    const { waitMs } = this.#taken
    const timer = setTimeout(() => late.reject(new PoolExhausted(waitMs, this.#taken.holders)), waitMs)
    const connected = Promise.resolve(this.#runner.connect())
    try {
      await Promise.race([connected, late.promise])
      this.#giveBack = this.#taken.take(this.#holder)
    } catch (error) {
      // One that comes too late goes back at once.
      connected.then(
        () => this.#runner.release(),
        () => undefined,
      )
      throw error
    } finally {
      clearTimeout(timer)
    }
  }

  async #release(): Promise<void> {
    this.#giveBack?.()
    await this.#runner.release()
  }

  /** Makes it last. What still runs in it is refused from here on. */
  async commit(): Promise<void> {
    await this.#turns.take(this.root)
    this.root.hasEnded = true
    try {
      await this.#end(() => this.#runner.commitTransaction())
    } catch (error) {
      if (isConflict(error)) this.conflict = error
      await this.#undo()
      throw error
    }
    await this.#release()
  }

  /** Undoes everything, after the statement that runs; the others are refused. */
  async rollback(): Promise<void> {
    this.root.hasEnded = true
    await this.#turns.takeLast(this.root, () => new TransactionEnded())
    await this.#undo()
  }

  /** A savepoint in `parent`. While it is open, other statements of `parent` wait. */
  async open(parent: Scope): Promise<Scope> {
    await this.#enter(parent)
    try {
      const scope = new Scope(this, `tenon_${++this.#savepoints}`, parent)
      await this.#send(parent, `SAVEPOINT ${scope.name}`)
      this.#turns.moveTo(scope)
      return scope
    } finally {
      this.#turns.give()
    }
  }

  /** Ends a savepoint: keeps what was done in it for the whole, or undoes it. */
  async close(scope: Scope, end: 'keep' | 'undo'): Promise<void> {
    const parent = scope.parent as Scope
    if (this.root.hasEnded) return
    try {
      await this.#turns.take(scope)
    } catch (error) {
      this.root.break ??= { error }
      throw error
    }
    scope.hasEnded = true
    try {
      // The database has undone everything already; there is no savepoint any more.
      if (parent.broken) return
      if (end === 'undo') await this.#send(parent, `ROLLBACK TO SAVEPOINT ${scope.name}`)
      await this.#send(parent, `RELEASE SAVEPOINT ${scope.name}`)
    } finally {
      this.#turns.moveTo(parent)
      this.#turns.give()
    }
  }

  async #inTurn(run: () => Promise<unknown>): Promise<unknown> {
    // Code that lost its context (an event emitter's listener) is taken for the innermost.
    const scope = scopeIn(this) ?? this.#turns.innermost
    await this.#enter(scope)
    try {
      return await run()
    } catch (error) {
      this.#note(scope, error)
      if (isReadOnlyRefusal(error)) throw new TransactionReadOnly().causedBy(error)
      throw error
    } finally {
      this.#turns.give()
    }
  }

  async #enter(scope: Scope): Promise<void> {
    this.#require(scope)
    await this.#turns.take(scope)
    try {
      this.#require(scope)
    } catch (error) {
      this.#turns.give()
      throw error
    }
  }

  #require(scope: Scope): void {
    if (scope.hasEnded || this.root.hasEnded) throw new TransactionEnded()
    const { broken } = scope
    if (broken) throw new TransactionDoomed().causedBy(broken.error)
  }

  #note(scope: Scope, error: unknown): void {
    scope.break ??= { error }
    if (!isConflict(error)) return
    this.conflict = error
    this.root.break ??= { error }
  }

  async #send(scope: Scope, sql: string): Promise<void> {
    try {
      await this.#own.run(true, () => this.#runner.query(sql))
    } catch (error) {
      this.#note(scope, error)
      throw error
    }
  }

  async #end(end: () => Promise<void>): Promise<void> {
    await this.#own.run(true, async () => {
      for (const sql of limitsOf(this.source, this.options).undo) await this.#runner.query(sql)
      await end()
    })
  }

  async #undo(): Promise<void> {
    try {
      await this.#end(() => this.#runner.rollbackTransaction())
    } catch (error) {
      await this.#abandon(error)
      return
    }
    await this.#release()
  }

  /** A connection in an unknown state must not serve anybody else: it is closed, which rolls back as well. */
  async #abandon(error: unknown): Promise<void> {
    this.#giveBack?.()
    await abandonConnection(this.#runner, error)
  }
}

async function abandonConnection(runner: QueryRunner, error: unknown): Promise<void> {
  const { releasePostgresConnection, databaseConnection } = runner as QueryRunner & {
    releasePostgresConnection?: (error: unknown) => Promise<void>
    databaseConnection?: { destroy?: () => void }
  }
  if (releasePostgresConnection) await releasePostgresConnection.call(runner, error)
  else {
    if (runner.dataSource.options.type !== 'better-sqlite3') databaseConnection?.destroy?.()
    await runner.release()
  }
}
