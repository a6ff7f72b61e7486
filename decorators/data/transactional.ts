/** `@Transactional`: a method, or every method of a class, runs in a database transaction. */
import { annotate } from '../annotate.ts'
import { MetadataKey, type AbstractClass } from '../metadata.ts'

/**
 * What happens where a transaction is already running (`·` none is):
 * `required` joins it (· begins one), `requires-new` begins another beside it, `nested` runs in a savepoint of it
 * (· begins one), `supports` joins it (· runs without), `mandatory` joins it (· is refused), `never` is refused
 * (· runs without).
 */
export type Propagation = 'required' | 'requires-new' | 'nested' | 'supports' | 'mandatory' | 'never'

export type Isolation = 'READ UNCOMMITTED' | 'READ COMMITTED' | 'REPEATABLE READ' | 'SERIALIZABLE'

export interface TransactionRetry {
  /** How often the work is begun again at most. */
  readonly times: number
  /** Longest pause before the first repetition, in milliseconds; it doubles each time. Default: 20. */
  readonly pauseMs?: number
  /** No pause is longer, in milliseconds. Default: 1000. */
  readonly maximumPauseMs?: number
}

export interface TransactionOptions {
  /** Default: `required`. */
  readonly propagation?: Propagation
  /** Of which source; see `@DataSource`. Default: of the application's own database. */
  readonly source?: string
  /** Default: the database's own. SQLite's transactions are always serializable. */
  readonly isolation?: Isolation
  /** Writes are refused by the database. Default: `false`. */
  readonly readOnly?: boolean
  /** How long the work may take, in milliseconds; then it is rolled back. Default: no limit. */
  readonly timeout?: number
  /**
   * Begins the work again when the database could not serialize it or chose it to end a deadlock: how often, or with
   * which pauses. The whole work is repeated, so it must not do what a rollback does not undo. Default: 0.
   */
  readonly retry?: number | TransactionRetry
  /** Errors after which what was done is committed all the same; they pass to the caller. Default: none. */
  readonly noRollbackFor?: readonly AbstractClass[]
}

export const TRANSACTIONAL = new MetadataKey<TransactionOptions>('data.transactional')

type Answer<M> = M extends (...args: never[]) => infer R ? R : Promise<unknown>

/** Every public method of `T` answers a promise. */
type EveryMethodAsync<T> = {
  readonly [K in keyof T]: [Answer<T[K]>] extends [Promise<unknown>] ? T[K] : (...args: never[]) => Promise<unknown>
}

export interface TransactionalDecorator {
  <M extends (...args: never[]) => Promise<unknown>>(
    target: object,
    method: string | symbol,
    descriptor: TypedPropertyDescriptor<M>,
  ): void
  <T extends EveryMethodAsync<T>>(target: abstract new (...args: never[]) => T): void
}

/**
 * Runs the method in a transaction: committed when its promise is fulfilled, rolled back when it is rejected. Above a
 * class it holds for the methods that the class and its subclasses write themselves.
 * @see docs/modules/data.md
 * @example `@Transactional({ isolation: 'SERIALIZABLE', retry: 3 }) async book(…): Promise<Booking> { … }`
 */
export function Transactional(options: TransactionOptions = {}): TransactionalDecorator {
  const decorate = annotate(TRANSACTIONAL, options)
  return (target: object, method?: string | symbol) => (decorate as PropertyDecorator)(target, method as string)
}
