/** A part of a transaction that can be rolled back by itself: the whole, or a savepoint in it. */
import type { Transaction } from './transaction.ts'

export type Hook = () => unknown

/** Something that went wrong, kept so that `undefined` can be thrown as well. */
export interface Failure {
  readonly error: unknown
}

export class Scope {
  readonly transaction: Transaction
  /** What the database calls the savepoint. */
  readonly name: string
  /** What it is a savepoint of. */
  readonly parent: Scope | undefined
  /** Blocks that joined it, or nested in it, and still run. */
  running = 0
  hasEnded = false
  /** Work that joined it failed: it cannot be committed, and may still be read. */
  doom: Failure | undefined
  isRollbackOnly = false
  /** A statement failed: nothing more runs in it. PostgreSQL is so, and the others follow for the sake of one answer. */
  break: Failure | undefined
  #beforeCommit: Hook[] = []
  #afterCommit: Hook[] = []
  readonly #afterRollback: Hook[] = []

  constructor(transaction: Transaction, name: string, parent?: Scope) {
    this.transaction = transaction
    this.name = name
    this.parent = parent
  }

  /** What broke it or a scope around it. */
  get broken(): Failure | undefined {
    return this.break ?? this.parent?.broken
  }

  get root(): Scope {
    return this.parent?.root ?? this
  }

  add(when: 'beforeCommit' | 'afterCommit' | 'afterRollback', hook: Hook): void {
    if (when === 'beforeCommit') this.#beforeCommit.push(hook)
    else if (when === 'afterCommit') this.#afterCommit.push(hook)
    else this.#afterRollback.push(hook)
  }

  /** Takes the hooks out: one that registers another is not called again for it. */
  takeBeforeCommit(): readonly Hook[] {
    const hooks = this.#beforeCommit
    this.#beforeCommit = []
    return hooks
  }

  get afterCommit(): readonly Hook[] {
    return this.#afterCommit
  }

  get afterRollback(): readonly Hook[] {
    return this.#afterRollback
  }

  /** A savepoint that stays: its hooks wait for the whole. */
  handUp(): void {
    this.parent?.take(this.#beforeCommit, this.#afterCommit, this.#afterRollback)
  }

  take(beforeCommit: readonly Hook[], afterCommit: readonly Hook[], afterRollback: readonly Hook[]): void {
    this.#beforeCommit.push(...beforeCommit)
    this.#afterCommit.push(...afterCommit)
    this.#afterRollback.push(...afterRollback)
  }
}
