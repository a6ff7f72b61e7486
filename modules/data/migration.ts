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
  up(runner: QueryRunner): Promise<unknown>
  down(runner: QueryRunner): Promise<unknown>
}
