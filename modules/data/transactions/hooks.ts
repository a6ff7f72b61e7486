/** What is to happen when the current transaction ends: free functions, since the transaction is ambient. */
import { TransactionEnded, TransactionMissing } from './transaction-errors.ts'
import { currentScope } from './current-scope.ts'
import type { Hook, Scope } from './scope.ts'

/**
 * Calls `hook` inside the current transaction, just before it is committed; its failure rolls back. Outside of any, at
 * once.
 */
export async function beforeCommit(hook: Hook): Promise<void> {
  await (add('beforeCommit', hook) ?? hook())
}

/**
 * Calls `hook` once the current transaction is committed, outside of it; its failure is logged, since what is committed
 * stays. Outside of any, at once.
 * @example `await afterCommit(() => this.mail.send(welcome))`
 */
export async function afterCommit(hook: Hook): Promise<void> {
  await (add('afterCommit', hook) ?? hook())
}

/** Calls `hook` if the current transaction, or savepoint, is rolled back; its failure is logged. */
export function afterRollback(hook: Hook): void {
  add('afterRollback', hook)
}

/**
 * The current transaction, or savepoint, will be rolled back although no error is thrown.
 * @throws `DATA_TRANSACTION_MISSING` outside of any.
 */
export function rollbackOnly(): void {
  const scope = openScope()
  if (!scope) throw new TransactionMissing()
  scope.isRollbackOnly = true
}

function add(when: Parameters<Scope['add']>[0], hook: Hook): true | undefined {
  const scope = openScope()
  if (!scope) return undefined
  scope.add(when, hook)
  return true
}

/** @throws `DATA_TRANSACTION_ENDED` */
function openScope(): Scope | undefined {
  const scope = currentScope()
  if (scope && (scope.hasEnded || scope.root.hasEnded)) throw new TransactionEnded()
  return scope
}
