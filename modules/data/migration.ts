/** One step of the schema, as TypeORM knows it. */
import type { QueryRunner } from 'typeorm'

/**
 * @example
 * export class CreateTickets1751328000000 implements Migration {
 *   async up(runner: QueryRunner) { await runner.query('CREATE TABLE ticket (…)') }
 *   async down(runner: QueryRunner) { await runner.query('DROP TABLE ticket') }
 * }
 */
export interface Migration {
  /**
   * `false`: it runs by itself and outside of a transaction, for what PostgreSQL does in none, such as
   * `CREATE INDEX CONCURRENTLY`. What it has done before it fails stays. SQLite has all migrations in one transaction.
   */
  readonly transaction?: boolean
  up(runner: QueryRunner): Promise<unknown>
  down(runner: QueryRunner): Promise<unknown>
}

/** Whether it breaks the version before, and waits until that is gone: `static readonly isContract = true`. */
export function isContract(migration: object | undefined): boolean {
  return (migration?.constructor as { readonly isContract?: unknown } | undefined)?.isContract === true
}
